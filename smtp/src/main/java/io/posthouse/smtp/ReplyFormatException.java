package io.posthouse.smtp;

/** What came was not a reply; has no stack trace, since a hostile peer may cause it at will. */
public final class ReplyFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReplyFormatException(String message) {
    super(message, null, false, false);
  }
}
