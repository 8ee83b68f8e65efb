package io.posthouse.backend;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The highest value that something reached of late: in the window of time that is under way, or in
 * the one before. From any thread; a value that two threads report at once may be lost, which the
 * next one mends.
 */
final class RecentPeak {
  private static final long NEVER = Long.MIN_VALUE;

  private final AtomicLong beganNanos = new AtomicLong(NEVER);
  private volatile int now;
  private volatile int before;

  /** Notes a value. */
  void reached(int value) {
    if (value > now) {
      now = value;
    }
  }

  /**
   * The highest value noted in the last window, or up to two.
   *
   * @param windowNanos how long a window is
   */
  int value(long nanos, long windowNanos) {
    long began = beganNanos.get();
    long age = nanos - began;
    if (began == NEVER) {
      beganNanos.compareAndSet(NEVER, nanos);
    } else if (age >= windowNanos && beganNanos.compareAndSet(began, nanos)) {
      before = age < 2 * windowNanos ? now : 0;
      now = 0;
    }
    return Math.max(now, before);
  }
}
