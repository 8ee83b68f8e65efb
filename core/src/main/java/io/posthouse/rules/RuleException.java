package io.posthouse.rules;

/** A condition that could not be evaluated; its message is for people and holds no line break. */
public final class RuleException extends Exception {
  private static final long serialVersionUID = 1;

  RuleException(String reason) {
    super(reason, null, false, false);
  }

  /** Why. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
