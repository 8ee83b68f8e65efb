package io.posthouse.net;

import io.netty.channel.EventLoop;
import io.posthouse.door.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * One event loop with its deadlines. Everything here is for the loop's own thread, but {@link
 * #execute}.
 */
public final class Loop {
  private static final Logger LOGGER = System.getLogger(Loop.class.getName());
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(DeadlineWheel.TICK_MILLIS);

  private final EventLoop eventLoop;
  private final Ticker ticker;
  private final DeadlineWheel wheel = new DeadlineWheel();
  private final long startNanos;
  private boolean ticking;

  Loop(EventLoop eventLoop, Ticker ticker) {
    this.eventLoop = eventLoop;
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
  }

  /** Netty's loop. */
  public EventLoop eventLoop() {
    return eventLoop;
  }

  /** Runs a task on the loop, from any thread. */
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  /** The monotonic clock, for what needs more than a tick's resolution. */
  public long nanos() {
    return ticker.nanos();
  }

  /** The current tick of the loop's deadlines. */
  public long tick() {
    return wheel.tick();
  }

  /** Arms a deadline so many milliseconds from now, or moves an armed one. */
  public void arm(Timeout timeout, long millis) {
    if (!ticking) {
      // After an idle time the wheel stands still; catch up before it counts on.
      wheel.advance((ticker.nanos() - startNanos) / TICK_NANOS);
      ticking = true;
      scheduleTick();
    }
    wheel.arm(timeout, DeadlineWheel.ticks(millis));
  }

  /** Takes a deadline back. */
  public void disarm(Timeout timeout) {
    wheel.disarm(timeout);
  }

  private void scheduleTick() {
    eventLoop.schedule(this::onTick, DeadlineWheel.TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void onTick() {
    try {
      wheel.advance((ticker.nanos() - startNanos) / TICK_NANOS);
    } catch (RuntimeException | Error e) {
      // One deadline's bug must not take the loop's other deadlines with it.
      LOGGER.log(Level.ERROR, "a deadline failed: " + e, e);
    } finally {
      ticking = wheel.size() > 0;
      if (ticking) {
        scheduleTick();
      }
    }
  }
}
