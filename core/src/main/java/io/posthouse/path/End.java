package io.posthouse.path;

/** How a try to connect ended; those that came far first, and their order counts. */
public enum End {
  /** Connected, and nothing more was asked for. */
  CONNECTED,
  /** Connected, and the first reply came. */
  GREETED,
  /** Connected, and no reply came in time. */
  SILENT,
  /** Connected, and the other side closed before its first reply. */
  CLOSED,
  /** Connected, and the other side reset before its first reply. */
  RESET,
  /** Connected, and what came is no reply. */
  NONSENSE,
  /** Connected, but TLS, which comes first, did not start. */
  NO_TLS,
  /** Refused, by a reset or by a word of ICMP that says so. */
  REFUSED,
  /** Nothing came back. */
  TIMED_OUT,
  /** There is no way, or a router or the other side's network says so. */
  UNREACHABLE,
  /** The source address cannot be used. */
  CANNOT_LEAVE,
  /** The member's name has no address. */
  UNKNOWN_NAME,
  /** Something of this machine's own failed. */
  FAILED,
  /** There was no time left for it. */
  NOT_TRIED;

  /** Whether an answer of TCP came back, so that packets go both ways. */
  boolean isAnswer() {
    return compareTo(REFUSED) <= 0;
  }

  /** Whether there was a connection. */
  public boolean isConnection() {
    return compareTo(NO_TLS) <= 0;
  }
}
