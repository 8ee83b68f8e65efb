package io.posthouse.balance;

import io.posthouse.health.SenderScope;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who may send a member under pressure the one message that is its trial: each trial has a number,
 * and one caller gets it. From any thread.
 */
public final class Trials {
  private static final int NONE = 0;

  private final AtomicInteger inside = new AtomicInteger(NONE);
  private final AtomicInteger outside = new AtomicInteger(NONE);

  /** Takes a trial; true for one caller. */
  public boolean claim(SenderScope scope, int trial) {
    AtomicInteger taken = of(scope);
    int before = taken.get();
    return before != trial && taken.compareAndSet(before, trial);
  }

  /** Gives a trial back that came to nothing before the member heard of it. */
  public void giveBack(SenderScope scope, int trial) {
    of(scope).compareAndSet(trial, NONE);
  }

  private AtomicInteger of(SenderScope scope) {
    return scope == SenderScope.INSIDE ? inside : outside;
  }
}
