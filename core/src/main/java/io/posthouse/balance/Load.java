package io.posthouse.balance;

import io.posthouse.health.SenderScope;

/** What a member carries right now; read live by selectors. */
public interface Load {
  /** Connections in use. */
  int connections();

  /** Open transactions; where no transaction can be told, as in mode tcp, connections in use. */
  default int messages() {
    return connections();
  }

  /**
   * The decaying mean of its response time in nanoseconds: of the connect in mode tcp, of the reply
   * to MAIL in mode smtp; 0 before the first response.
   */
  long responseNanos();

  /**
   * Takes the trial of this number, so that one message alone is it; see {@link Trials}.
   *
   * @return true for one caller
   */
  boolean claimTrial(SenderScope scope, int trial);

  /** Gives a trial back that came to nothing before the member heard of it. */
  void giveBackTrial(SenderScope scope, int trial);
}
