package io.posthouse.rules;

import java.util.concurrent.atomic.LongAdder;

/** Counts how often a rule fired on one virtual server; from any thread. */
public final class RuleCounts {
  private final LongAdder fired = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** Its condition held. */
  void fire() {
    fired.increment();
  }

  /** It could not be evaluated. */
  void fail() {
    failed.increment();
  }

  /** How often its condition held. */
  public long fired() {
    return fired.sum();
  }

  /** How often it could not be evaluated. */
  public long failed() {
    return failed.sum();
  }
}
