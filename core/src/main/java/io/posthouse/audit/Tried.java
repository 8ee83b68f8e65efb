package io.posthouse.audit;

import io.posthouse.audit.RelayPatterns.Pattern;

/**
 * What became of one recipient.
 *
 * @param said the last reply, or what went wrong, on one line
 */
public record Tried(Pattern pattern, Outcome outcome, String said) {
  /** What is said where a reply did not come in time. */
  public static final String LATE = "no answer in time";

  /** What it comes to. */
  public enum Outcome {
    /** The recipient was accepted. */
    ACCEPTED,
    /** It, its sender, or the client was refused for good. */
    REFUSED,
    /** Neither: a temporary refusal, a time-out, no connection. */
    UNTESTED,
    /** There was no time left for it. */
    UNASKED
  }

  /** Whether nobody knows more after it. */
  boolean isSilent() {
    return outcome == Outcome.UNTESTED || outcome == Outcome.UNASKED;
  }

  boolean isAccepted() {
    return outcome == Outcome.ACCEPTED;
  }
}
