package io.posthouse.bench.load;

import java.util.Locale;

/** How a peer misbehaves. */
public enum BadKind {
  /** Connects and says nothing. */
  SILENT,
  /** Sends a command octet by octet, for ever. */
  TRICKLE,
  /** Resets the link: at once, after the banner, or in the middle of a command, in turn. */
  RESET,
  /** Sends commands as fast as the socket takes them and reads no reply. */
  FLOOD,
  /** Begins TLS with half a ClientHello and says no more. */
  HANDSHAKE;

  /** The name on the command line and in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
