package io.posthouse.smtp.session;

/** What the client's next octets are. */
public enum ClientInput {
  /** A command line. */
  COMMAND,
  /** The body after DATA, up to its end of data. */
  DATA,
  /** Octets of a chunk, as many as {@link Link#chunkOctetsLeft} says. */
  CHUNK,
  /** Nothing for now: they are not to be read. */
  HELD,
  /** Nothing any more. */
  CLOSED
}
