package io.posthouse.net;

import java.security.cert.CertificateException;

/** A member's certificate is not its own; the message says why, for people. */
final class UntrustedException extends CertificateException {
  private static final long serialVersionUID = 1;

  UntrustedException(String message) {
    super(message);
  }
}
