package io.posthouse.model;

/**
 * An SMTP extension that works only if the member has it: it is offered to clients when every
 * eligible member offers it. Spelt as in EHLO.
 */
public enum Capability implements Spelled {
  /** BDAT (RFC 3030). */
  CHUNKING,
  /** Bodies that are not lines (RFC 3030); needs CHUNKING. */
  BINARYMIME,
  /** Bodies of octets over 127 (RFC 6152). */
  EIGHT_BIT_MIME,
  /** Addresses and header fields in UTF-8 (RFC 6531); needs 8BITMIME. */
  SMTPUTF8,
  /** Delivery status notifications (RFC 3461). */
  DSN;

  @Override
  public String spelling() {
    return this == EIGHT_BIT_MIME ? "8BITMIME" : name();
  }
}
