package io.posthouse.door;

/** Somebody named a pool or member that the running configuration does not have. */
public final class UnknownMemberException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message names what was asked for and what there is. */
  public UnknownMemberException(String message) {
    super(message);
  }
}
