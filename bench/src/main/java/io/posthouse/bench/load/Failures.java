package io.posthouse.bench.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts of failures by stage and cause, with the first text seen for each. One thread's own. */
final class Failures {

  private final Map<Stage, Map<Cause, Failure>> cells = new EnumMap<>(Stage.class);

  /** Counts one; the text is kept if it is the first of its kind. */
  void count(Stage stage, Cause cause, String text) {
    add(new Failure(stage, cause, 1, text));
  }

  /** Adds what another thread counted. */
  void add(Failures other) {
    other.list().forEach(this::add);
  }

  private void add(Failure failure) {
    cells
        .computeIfAbsent(failure.stage(), ignored -> new EnumMap<>(Cause.class))
        .merge(failure.cause(), failure, (first, next) -> first.plus(next.count()));
  }

  /** Every kind that occurred, in the order of the stages. */
  List<Failure> list() {
    List<Failure> list = new ArrayList<>();
    cells.values().forEach(causes -> list.addAll(causes.values()));
    return List.copyOf(list);
  }
}
