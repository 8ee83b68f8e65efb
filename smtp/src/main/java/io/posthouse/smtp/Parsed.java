package io.posthouse.smtp;

/** What a command line came to: a {@link Command}, or a refusal with the reply it deserves. */
public sealed interface Parsed permits Command, Parsed.Refused {

  /**
   * A line that is no command we could run.
   *
   * @param reply what its client is told
   */
  record Refused(Reply reply, Kind kind) implements Parsed {}

  /** Why a line is refused. */
  enum Kind {
    /** A known command, badly written. */
    SYNTAX,
    /** No known command. */
    UNKNOWN_COMMAND,
    /** Another protocol, such as HTTP or TLS. */
    NOT_SMTP,
    /** A command between servers, or of one vendor, that is not for a proxy. */
    PRIVATE_VERB
  }
}
