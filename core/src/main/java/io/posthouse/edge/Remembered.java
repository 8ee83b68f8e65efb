package io.posthouse.edge;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an inquiry came to whose answers were all known, for as long as all of them hold: the next
 * link of the client need not ask again.
 *
 * @param about what else it depends on; null for nothing but the client
 * @param asked where it is counted that the client was looked at
 * @param met where it is counted that it was met
 * @param until monotonic time in nanoseconds
 */
record Remembered(
    @Nullable Object about,
    List<Tally> asked,
    List<Finding> findings,
    List<Tally> met,
    long until) {

  /** What it has found, counted once more; null when it is about something else, or too old. */
  static @Nullable List<Finding> repeat(
      @Nullable Remembered last, @Nullable Object about, long nanos) {
    if (last == null || nanos - last.until >= 0 || !Objects.equals(last.about, about)) {
      return null;
    }
    last.asked.forEach(Tally::asked);
    last.met.forEach(Tally::met);
    return last.findings;
  }
}
