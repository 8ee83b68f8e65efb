package io.posthouse.irule;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The clients that a condition is true for: those in any of some sources, or all others.
 *
 * @param others whether it is all that are in none of them
 */
record Who(boolean others, Set<Source> sources) {
  static final Who NOBODY = new Who(false, Set.of());
  static final Who EVERYBODY = new Who(true, Set.of());

  /**
   * Where addresses come from.
   *
   * @param list whether the text is the path of a data group; else it is an address or network
   */
  record Source(boolean list, String text) {}

  static Who in(Source source) {
    return new Who(false, Set.of(source));
  }

  boolean everybody() {
    return others && sources.isEmpty();
  }

  boolean nobody() {
    return !others && sources.isEmpty();
  }

  Who not() {
    return new Who(!others, sources);
  }

  /** Those of either; null when that is no list of sources. */
  @Nullable Who or(Who other) {
    if (everybody() || other.nobody()) {
      return this;
    } else if (nobody() || other.everybody()) {
      return other;
    } else if (others || other.others) {
      return null;
    }
    Set<Source> both = new LinkedHashSet<>(sources);
    both.addAll(other.sources);
    return new Who(false, both);
  }

  /** Those of both; null when that is no list of sources. */
  @Nullable Who and(Who other) {
    Who either = not().or(other.not());
    return either == null ? null : either.not();
  }
}
