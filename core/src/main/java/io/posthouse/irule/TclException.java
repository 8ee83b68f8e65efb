package io.posthouse.irule;

/** Why a text cannot be read as Tcl, and where. */
final class TclException extends Exception {
  private static final long serialVersionUID = 1;

  private final int at;

  TclException(int at, String message) {
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
