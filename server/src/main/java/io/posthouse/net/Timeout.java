package io.posthouse.net;

import org.jspecify.annotations.Nullable;

/**
 * Something with a deadline, kept in a {@link DeadlineWheel} without any allocation: it is its own
 * list node. Lives on its wheel's loop.
 */
public abstract class Timeout {
  long deadlineTick = -1;
  boolean due;
  @Nullable Timeout previous;
  @Nullable Timeout next;

  /**
   * The deadline has passed and the wheel has let go of it.
   *
   * @param tick the wheel's time now
   */
  protected abstract void expired(long tick);
}
