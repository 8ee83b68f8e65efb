package io.posthouse.balance;

/** What a member carries right now; read live by selectors. */
public interface Load {
  /** Connections in use. */
  int connections();

  /** The decaying mean of its response time in nanoseconds; 0 before the first response. */
  long responseNanos();
}
