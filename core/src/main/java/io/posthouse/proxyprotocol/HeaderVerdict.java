package io.posthouse.proxyprotocol;

/** What a header that somebody sent comes to. */
public sealed interface HeaderVerdict {
  /** The connection is that client's. */
  record Announced(ProxyHeader header) implements HeaderVerdict {}

  /** The sender speaks for itself, or does not know for whom: UNKNOWN, LOCAL, no family. */
  record Own() implements HeaderVerdict {}

  /**
   * It is none, or none that is taken.
   *
   * @param reason in a few words; nothing of what was sent is in it
   */
  record Refused(String reason) implements HeaderVerdict {}
}
