package io.posthouse.switching;

import io.posthouse.smtp.Command;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the recipients of a link's message take of the memory that all links have for them: a
 * thousand of them with their parameters are more than a megabyte. The first few of each message
 * are free, so that no other client can keep a message from having any.
 */
final class EnvelopeShare {
  private static final int FREE = 4;

  /** What a recipient takes besides its text. */
  private static final int OCTETS_EACH = 512;

  private final AtomicLong budget;
  private int recipients;
  private long taken;

  /**
   * Nothing yet.
   *
   * @param budget octets that all links together may still take
   */
  EnvelopeShare(AtomicLong budget) {
    this.budget = budget;
  }

  /** Takes the memory of one more recipient; false when there is none. */
  boolean take(Command.Rcpt recipient) {
    if (recipients < FREE) {
      recipients++;
      return true;
    }
    long octets = (long) OCTETS_EACH + recipient.line().length();
    if (budget.addAndGet(-octets) < 0) {
      budget.addAndGet(octets);
      return false;
    }
    taken += octets;
    return true;
  }

  /** Gives all of it back. */
  void clear() {
    recipients = 0;
    if (taken > 0) {
      budget.addAndGet(taken);
      taken = 0;
    }
  }
}
