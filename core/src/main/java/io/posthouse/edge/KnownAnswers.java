package io.posthouse.edge;

import org.jspecify.annotations.Nullable;

/** What one inquiry reads of what DNS has said already, and how long all of it holds. */
final class KnownAnswers {
  private static final long LONGEST_NANOS = 3_600_000_000_000L;

  private final Kept.Answers answers;
  private boolean complete = true;
  private long until;

  KnownAnswers(Kept.Answers answers) {
    this.answers = answers;
  }

  /** The inquiry begins. */
  void begin(long nanos) {
    until = nanos + LONGEST_NANOS;
  }

  /** The answer to a question; null when DNS must be asked, and nothing of the inquiry lasts. */
  @Nullable Answer of(Lookup lookup) {
    Kept kept = answers.of(lookup);
    if (kept == null) {
      complete = false;
      return null;
    }
    until = kept.until() - until < 0 ? kept.until() : until;
    return kept.answer();
  }

  /** What the inquiry comes to is good for this once. */
  void forOnce() {
    complete = false;
  }

  /** Whether what it comes to holds for others too: {@link #until} then. */
  boolean holds() {
    return complete;
  }

  long until() {
    return until;
  }
}
