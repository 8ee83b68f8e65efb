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

  /** One that runs a step, whatever the time is then. */
  public static Timeout then(Runnable step) {
    return new Timeout() {
      @Override
      protected void expired(long tick) {
        step.run();
      }
    };
  }

  /**
   * The deadline has passed and the wheel has let go of it.
   *
   * @param tick the wheel's time now
   */
  protected abstract void expired(long tick);

  /** Whether a wheel holds it. */
  boolean isArmed() {
    return deadlineTick >= 0;
  }
}
