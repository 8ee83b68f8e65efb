package io.posthouse.policy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket: so many in a minute, all at once if the minute before was quiet. It holds as many
 * as its rate says and fills all the time.
 *
 * <p>One number is enough: the time at which the bucket will be full again. Each token moves it on
 * by the time that its refill takes, and it may not lie further ahead than a minute, in which an
 * empty bucket fills. When the rate changes, what is gone stays gone, as a share of the bucket.
 */
final class Pace {
  /** In which an empty bucket fills. */
  static final long MINUTE = 60_000_000_000L;

  private final AtomicLong fullAt;

  /** A full one. */
  Pace(long nanos) {
    fullAt = new AtomicLong(nanos);
  }

  /** Takes one if there is one. */
  boolean take(int perMinute, long nanos) {
    long one = MINUTE / perMinute;
    while (true) {
      long before = fullAt.get();
      long missing = Math.max(0, before - nanos);
      if (missing + one > MINUTE) {
        return false;
      } else if (fullAt.compareAndSet(before, nanos + missing + one)) {
        return true;
      }
    }
  }

  /** Puts one back that was taken a moment ago. */
  void giveBack(int perMinute) {
    fullAt.addAndGet(-(MINUTE / perMinute));
  }
}
