package io.posthouse.net;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * An issuer's signed statement that a certificate is good, to be stapled (RFC 6960, RFC 6066
 * section 8).
 *
 * <p>Its signature is for clients to check.
 */
final class OcspResponse {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'");
  private static final int EXPLICIT = 0xa0;
  private static final int GOOD = 0x80;

  private final byte[] der;
  private final Instant from;
  private final Instant until;

  private OcspResponse(byte[] der, Instant from, Instant until) {
    this.der = der;
    this.from = from;
    this.until = until;
  }

  /** As it is sent. */
  byte[] der() {
    return der;
  }

  /** When it begins to hold. */
  Instant from() {
    return from;
  }

  /** When it ceases to. */
  Instant until() {
    return until;
  }

  /** Reads a response; what is wrong with it is the message of an IllegalArgumentException. */
  static OcspResponse of(byte[] der, X509Certificate certificate) {
    Der response = Der.of(der).into(Der.SEQUENCE);
    if (response.octets(Der.ENUMERATED)[0] != 0) {
      throw new IllegalArgumentException("the responder refused to answer");
    }
    byte[] basic = response.into(EXPLICIT).into(Der.SEQUENCE).skip(Der.OBJECT).octets(Der.OCTETS);
    Der single =
        Der.of(basic)
            .into(Der.SEQUENCE)
            .into(Der.SEQUENCE)
            .skip(EXPLICIT) // The version.
            .skip() // Who answers.
            .skip(Der.TIME)
            .into(Der.SEQUENCE)
            .into(Der.SEQUENCE);
    Der id = single.into(Der.SEQUENCE).skip().skip().skip();
    if (!new BigInteger(id.octets(Der.INTEGER)).equals(certificate.getSerialNumber())) {
      throw new IllegalArgumentException("it is about another certificate");
    }
    if (single.tag() != GOOD) {
      throw new IllegalArgumentException("it says that the certificate is revoked or unknown");
    }
    Instant from = time(single.skip());
    if (single.tag() != EXPLICIT) {
      throw new IllegalArgumentException("it does not say when it expires");
    }
    return new OcspResponse(der, from, time(single.into(EXPLICIT)));
  }

  /** Whether it holds at a time. */
  boolean holds(Instant now) {
    return !now.isBefore(from) && now.isBefore(until);
  }

  private static Instant time(Der at) {
    String text = new String(at.octets(Der.TIME), StandardCharsets.US_ASCII);
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a time in it is malformed", e);
    }
  }
}
