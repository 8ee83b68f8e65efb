package io.posthouse.backend;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many second tries a pool may make: one for every five messages, and a hundred in reserve, so
 * that members in trouble are not asked many times over. From any thread.
 */
public final class RetryBudget {
  private static final int MESSAGES_PER_RETRY = 5;
  private static final long FULL = 100L * MESSAGES_PER_RETRY;

  private final AtomicLong fifths = new AtomicLong(FULL);

  /** A message was begun. */
  public void message() {
    if (fifths.get() < FULL) {
      fifths.incrementAndGet();
    }
  }

  /** Takes one retry; false when there is none left. */
  public boolean takeRetry() {
    long left = fifths.addAndGet(-MESSAGES_PER_RETRY);
    if (left < 0) {
      fifths.addAndGet(MESSAGES_PER_RETRY);
      return false;
    }
    return true;
  }
}
