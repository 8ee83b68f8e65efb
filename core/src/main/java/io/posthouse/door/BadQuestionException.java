package io.posthouse.door;

/** Somebody asked for what cannot be answered: a bad value, or a name that nothing has. */
public final class BadQuestionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message says what is wrong and what to write instead. */
  public BadQuestionException(String message) {
    super(message);
  }
}
