package io.posthouse.model;

/** How a member is told its client's address. */
public enum Announce {
  /** Not at all. */
  NONE,
  /** By a PROXY protocol line in front of the connection. */
  PROXY_V1,
  /** By a binary PROXY protocol header in front of the connection, with facts of TLS. */
  PROXY_V2,
  /** By Postfix's XCLIENT command. Mode smtp only. */
  XCLIENT,
  /** By a Received header in front of each message. Mode smtp only. */
  HEADER;

  /** Whether it is a header in front of the connection. */
  public boolean isProxy() {
    return this == PROXY_V1 || this == PROXY_V2;
  }
}
