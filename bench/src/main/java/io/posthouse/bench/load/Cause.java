package io.posthouse.bench.load;

import java.util.Locale;

/** What ended a session before its time. */
public enum Cause {
  /** Nobody listens there. */
  REFUSED,
  /** The peer reset the link. */
  RESET,
  /** The peer closed the link in order, but too early. */
  CLOSED,
  /** The peer did not answer, or did not read, in time. */
  TIMEOUT,
  /** The peer answered, and not with what lets a session go on. */
  REPLY,
  /** The peer sent something that is no SMTP reply. */
  MALFORMED,
  /** The peer broke TLS off, or what it sent is no TLS. */
  TLS,
  /** This machine refused: no port, no descriptor, no route. */
  LOCAL;

  /** The name in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
