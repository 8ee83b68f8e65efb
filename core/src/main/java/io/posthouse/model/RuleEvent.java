package io.posthouse.model;

/** What a client does when a rule is asked, in the order in which it happens on a link. */
public enum RuleEvent {
  /** It connects. */
  CONNECT,
  /** It says EHLO or HELO. */
  HELLO,
  /** It says MAIL. */
  MAIL,
  /** It says RCPT. */
  RECIPIENT,
  /** It says DATA, or BDAT for the first time in a message. */
  DATA;

  /** Whether the member of the message is still to be chosen. */
  public boolean choosesMember() {
    return this == CONNECT || this == HELLO || this == MAIL;
  }
}
