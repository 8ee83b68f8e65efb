package io.posthouse.bench.load;

/**
 * Moments that recur at a fixed period, in nanoseconds of the monotonic clock.
 *
 * <p>Whoever is late skips the moments it missed and keeps its phase. Counting the period from when
 * it was served instead would let everybody whom one stall delayed go in step from then on, as one
 * burst each period.
 */
final class Cadence {

  private final long periodNanos;
  private long due;

  /** A cadence whose first moment is the given one. */
  Cadence(long first, long periodNanos) {
    this.due = first;
    this.periodNanos = periodNanos;
  }

  /** Whether the present moment has come. */
  boolean isDue(long now) {
    return now - due >= 0;
  }

  /** Goes on to the first moment after the given time; stays where it is when that is ahead. */
  void skipPast(long now) {
    if (isDue(now)) {
      due += ((now - due) / periodNanos + 1) * periodNanos;
    }
  }
}
