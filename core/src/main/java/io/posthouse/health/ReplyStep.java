package io.posthouse.health;

/** What a reply answers, as far as its meaning for the member's health depends on it. */
public enum ReplyStep {
  GREETING,
  HELLO,
  STARTTLS,
  MAIL,
  RCPT,
  /** DATA, or BDAT before the last chunk. */
  DATA,
  END_OF_DATA,
  /** RSET, NOOP, QUIT and anything else. */
  OTHER
}
