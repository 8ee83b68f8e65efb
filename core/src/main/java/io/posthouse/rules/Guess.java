package io.posthouse.rules;

import java.util.Set;

/**
 * What can be said of a condition before all is known that it names.
 *
 * @param holds whether it holds, whatever the rest turns out to be
 * @param dependsOn what must be known first, as conditions name it; empty when it is decided
 */
public record Guess(boolean holds, Set<String> dependsOn) {
  /** Copies the set. */
  public Guess {
    dependsOn = Set.copyOf(dependsOn);
  }

  static Guess decided(boolean holds) {
    return new Guess(holds, Set.of());
  }

  /** Whether more must be known. */
  boolean isOpen() {
    return !dependsOn.isEmpty();
  }
}
