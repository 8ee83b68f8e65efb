package io.posthouse.smtp.session;

import io.posthouse.smtp.EhloKeywords;
import java.util.List;

/**
 * The SASL mechanisms of an EHLO reply (RFC 4954 section 3) that can be passed on: not those bound
 * to the TLS connection that ends with us (RFC 5929: the names end in -PLUS; EXTERNAL, RFC 4422
 * appendix A, means its certificate).
 */
public final class Mechanisms {
  private Mechanisms() {}

  /** Those of one server, in its order, in upper case. */
  public static List<String> of(EhloKeywords keywords) {
    return keywords.words("AUTH").stream()
        .filter(name -> !name.endsWith("-PLUS") && !name.equals("EXTERNAL"))
        .toList();
  }
}
