package io.posthouse.net;

/** A certificate, key or other setting of TLS cannot be used; the message names file and remedy. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong, for people. */
  public TlsException(String message) {
    super(message);
  }

  /** The same with its cause. */
  public TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
