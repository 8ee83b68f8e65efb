package io.posthouse.bench.measure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The clock of the benchmark: the only place here that asks the machine for the time. */
public final class Clock {

  private Clock() {}

  /** Nanoseconds since an arbitrary origin; only differences mean anything. */
  public static long nanos() {
    return System.nanoTime();
  }

  /** Seconds since {@code startNanos}. */
  public static double secondsSince(long startNanos) {
    return (nanos() - startNanos) / 1e9;
  }

  /**
   * Waits this long.
   *
   * @throws InterruptedException when the thread was interrupted meanwhile
   */
  public static void pause(Duration time) throws InterruptedException {
    long end = nanos() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - nanos()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting");
      }
    }
  }
}
