package io.posthouse.report;

/** Two reports that cannot be compared; its message says why, and what to do. */
public final class OtherStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the message. */
  public OtherStartException(String message) {
    super(message);
  }
}
