package io.posthouse.smtp.session;

/** What a link waits for, with the patience of RFC 5321 section 4.5.3.2. */
public enum Phase {
  /** The member's greeting. */
  GREETING(300, 30),
  /** The reply to EHLO or HELO. */
  HELLO(300, 30),
  /** The reply to STARTTLS, and the handshake behind it. */
  TLS(300, 30),
  /** The reply to XCLIENT, which is a greeting. */
  ANNOUNCE(300, 30),
  /** The reply to AUTH, or to what the client answers to a challenge. */
  AUTH(180, 180),
  /** The reply to MAIL. */
  MAIL(300, 60),
  /** The reply to RCPT. */
  RCPT(300, 60),
  /** The reply to DATA. */
  DATA(120, 60),
  /** That body octets move: the member takes them, or the client sends them. */
  BODY(180, 60),
  /** The reply to the end of data, or to a chunk. */
  FINAL_REPLY(600, 600),
  /** The client's next command. */
  COMMAND(300, 300);

  private final int seconds;
  private final int hurriedSeconds;

  Phase(int seconds, int hurriedSeconds) {
    this.seconds = seconds;
    this.hurriedSeconds = hurriedSeconds;
  }

  /** How long to wait, in seconds, when there is nobody else to ask. */
  public int seconds() {
    return seconds;
  }

  /** How long to wait for a member, in seconds, while another could be asked. */
  public int hurriedSeconds() {
    return hurriedSeconds;
  }
}
