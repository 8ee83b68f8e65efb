package io.posthouse.bench.load;

import java.util.Locale;

/** How far a session has come, and so where it failed. */
public enum Stage {
  /** TCP is being set up. */
  CONNECT,
  /** Waiting for the greeting. */
  BANNER,
  /** EHLO was sent. */
  EHLO,
  /** STARTTLS was sent, or should be and is not offered. */
  STARTTLS,
  /** The TLS handshake is under way. */
  TLS,
  /** MAIL was sent. */
  MAIL,
  /** RCPT was sent, or its reply is next in a pipelined group. */
  RCPT,
  /** DATA was sent, or its reply is next in a pipelined group. */
  DATA,
  /** The body is being written; its last octets were not handed to the kernel yet. */
  BODY,
  /** End of data was handed to the kernel. */
  FINAL_REPLY,
  /** QUIT was sent. */
  QUIT;

  /** The name in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
