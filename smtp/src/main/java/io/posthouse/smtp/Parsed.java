package io.posthouse.smtp;

/** What a command line came to: a {@link Command}, or a refusal with the reply it deserves. */
public sealed interface Parsed permits Command, Parsed.Refused {

  /**
   * A line that is no command we could run.
   *
   * @param reply what its client is told
   * @param octets octets of a chunk that follow the line and are to be thrown away, lest they be
   *     taken for commands (RFC 3030 section 2)
   */
  record Refused(Reply reply, Kind kind, long octets) implements Parsed {
    /** A refused line that nothing follows but the next line. */
    public Refused(Reply reply, Kind kind) {
      this(reply, kind, 0);
    }
  }

  /** Why a line is refused. */
  enum Kind {
    /** A known command, badly written. */
    SYNTAX,
    /** BDAT whose size cannot be read: nobody can tell where its octets end. */
    UNCOUNTED,
    /** No known command. */
    UNKNOWN_COMMAND,
    /** Another protocol, such as HTTP. */
    NOT_SMTP,
    /** A command between servers, or of one vendor, that is not for a proxy. */
    PRIVATE_VERB
  }
}
