package io.posthouse.smtp.session;

/** What the client's next octets are. */
public enum ClientInput {
  /** A command line. */
  COMMAND,
  /** A line of an exchange that AUTH began (RFC 4954 section 4). */
  RESPONSE,
  /** A TLS handshake, which nobody but TLS reads. */
  HANDSHAKE,
  /** The body after DATA, up to its end of data. */
  DATA,
  /** Octets of a chunk, as many as {@link Link#chunkOctetsLeft} says. */
  CHUNK,
  /** Nothing for now: they are not to be read. */
  HELD,
  /** Nothing any more. */
  CLOSED
}
