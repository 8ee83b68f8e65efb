package io.posthouse.bench.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the loops of a run share: when it ends, how many sessions are left, idle links held. */
final class RunState {

  private final AtomicLong sessionsLeft;
  private final AtomicInteger idleHeld = new AtomicInteger();
  private final AtomicInteger idleSettled = new AtomicInteger();
  private final long endsAt;
  private final boolean ends;
  private volatile boolean stopping;
  private volatile boolean exhausted;

  RunState(LoadPlan plan, long now) {
    long limit = plan.sessions().limit();
    sessionsLeft = new AtomicLong(limit == 0 ? Long.MAX_VALUE : limit);
    ends = !plan.duration().isZero();
    endsAt = now + plan.duration().toNanos();
  }

  /** Takes one session from those left; after the last one the run ends as its sessions do. */
  boolean takeSession() {
    long left = sessionsLeft.getAndDecrement();
    if (left <= 1) {
      exhausted = true;
    }
    return left > 0;
  }

  /** Whether no further session starts. */
  boolean isClosing() {
    return stopping || exhausted;
  }

  void stop() {
    stopping = true;
  }

  /** Whether running sessions should end after their message. */
  boolean isStopping() {
    return stopping;
  }

  void checkTime(long now) {
    if (ends && now - endsAt >= 0) {
      stopping = true;
    }
  }

  void idleHeld() {
    idleHeld.incrementAndGet();
    idleSettled.incrementAndGet();
  }

  void idleOver(boolean wasHeld) {
    if (wasHeld) {
      idleHeld.decrementAndGet();
    } else {
      idleSettled.incrementAndGet();
    }
  }

  int idleHeldNow() {
    return idleHeld.get();
  }

  /** Idle links that have got their banner, or will never get it. */
  int idleSettledNow() {
    return idleSettled.get();
  }
}
