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
public final class Pace {
  /** In which an empty bucket fills, in nanoseconds. */
  public static final long MINUTE = 60_000_000_000L;

  private final AtomicLong fullAt;

  /** A full one. */
  public Pace(long nanos) {
    fullAt = new AtomicLong(nanos);
  }

  /** Takes one if there is one. */
  public boolean take(int perMinute, long nanos) {
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
  public void giveBack(int perMinute) {
    fullAt.addAndGet(-(MINUTE / perMinute));
  }

  /** Whether the bucket is not empty. */
  public boolean isLeft(long nanos) {
    return fullAt.get() - nanos < MINUTE;
  }

  /**
   * Takes so many, whether there are as many or not. What was not there has to fill first, for one
   * more minute at most.
   */
  public void spend(long count, long perMinute, long nanos) {
    long cost = (long) Math.min(2.0 * MINUTE, (double) count * MINUTE / perMinute);
    fullAt.updateAndGet(before -> nanos + Math.min(2 * MINUTE, Math.max(0, before - nanos) + cost));
  }
}
