package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;

/** One RCPT of a transaction and what became of it. */
public final class Recipient {
  /** What a recipient's client was told. */
  public enum Outcome {
    /** Nothing yet. */
    PENDING,
    /** 2xx. */
    ACCEPTED,
    /** 4xx or 5xx. */
    REFUSED
  }

  private final Command.Rcpt command;
  private Outcome outcome = Outcome.PENDING;

  /** Its slot in the ledger. */
  final long slot;

  Recipient(Command.Rcpt command, long slot) {
    this.command = command;
    this.slot = slot;
  }

  /** The command as it goes to members. */
  public Command.Rcpt command() {
    return command;
  }

  /** What the client was told of it. */
  public Outcome outcome() {
    return outcome;
  }

  void outcome(Outcome told) {
    outcome = told;
  }
}
