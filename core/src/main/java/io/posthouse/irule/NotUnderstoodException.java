package io.posthouse.irule;

/** Why a rule is not made configuration, and which part of it is in the way. */
final class NotUnderstoodException extends Exception {
  private static final long serialVersionUID = 1;

  private final int at;

  NotUnderstoodException(int at, String message) {
    super(message);
    this.at = at;
  }

  int at() {
    return at;
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
