package io.posthouse.net;

import io.netty.handler.codec.DecoderException;

/** Why a handshake failed, for people. */
public final class TlsFailure {
  private TlsFailure() {}

  /** One line. */
  public static String phrase(Throwable cause) {
    Throwable inner =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    return String.valueOf(inner.getMessage());
  }
}
