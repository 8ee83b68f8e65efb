package io.posthouse.balance;

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
}
