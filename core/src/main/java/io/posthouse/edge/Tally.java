package io.posthouse.edge;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of a check, or of a list; from any thread. */
public final class Tally {
  private final LongAdder asked = new LongAdder();
  private final LongAdder met = new LongAdder();
  private final LongAdder unanswered = new LongAdder();

  /** A client was looked at. */
  public void asked() {
    asked.increment();
  }

  /** It was met. */
  public void met() {
    met.increment();
  }

  /** DNS had no answer in time, so that it passed. */
  public void unanswered() {
    unanswered.increment();
  }

  /** How many clients were looked at. */
  public long asks() {
    return asked.sum();
  }

  /** How many were met. */
  public long hits() {
    return met.sum();
  }

  /** How many passed for want of an answer. */
  public long misses() {
    return unanswered.sum();
  }
}
