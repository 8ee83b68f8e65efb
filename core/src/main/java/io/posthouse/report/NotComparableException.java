package io.posthouse.report;

/** Two reports that cannot be compared; its message says why, and what to do. */
public final class NotComparableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the message. */
  public NotComparableException(String message) {
    super(message);
  }
}
