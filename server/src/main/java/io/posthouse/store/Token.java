package io.posthouse.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The administrator's secret; it never prints itself. */
public final class Token {
  private final String secret;

  Token(String secret) {
    this.secret = secret;
  }

  /** Whether the text is the secret; takes the same time wherever they differ. */
  public boolean matches(String text) {
    return MessageDigest.isEqual(
        secret.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
  }

  /** The value of an Authorization header that carries it (RFC 6750 section 2.1). */
  public String authorization() {
    return "Bearer " + secret;
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "Token[not shown]";
  }
}
