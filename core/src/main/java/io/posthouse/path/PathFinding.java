package io.posthouse.path;

/**
 * Something that is wrong with a way, in plain words.
 *
 * @param subject what it is about: a member and the addresses of ours, or a virtual server
 * @param problem what was seen, and what it means
 * @param remedy where to look, and what to change
 */
public record PathFinding(Kind kind, String subject, String problem, String remedy) {
  /** What is wrong, in the order of the steps. */
  public enum Kind {
    /** A virtual server that does not listen. */
    NOT_LISTENING,
    /** The address of a virtual server is another machine's, or nobody's. */
    VIP_ELSEWHERE,
    /** The interface with the address of a virtual server is down. */
    VIP_DOWN,
    /** A virtual server that does not take a connection from its own machine. */
    NOT_TAKEN_HERE,
    /** A member whose name has no address. */
    UNKNOWN_NAME,
    /** A source address that cannot be used. */
    CANNOT_LEAVE,
    /** A source address that is not this machine's, so that answers go elsewhere. */
    SOURCE_ELSEWHERE,
    /** There is no way to the member. */
    UNREACHABLE,
    /** The member answers to no address. */
    NO_ANSWER,
    /** The member answers, but not to this address. */
    NO_WAY_BACK,
    /** The member refuses connections. */
    REFUSED,
    /** The member refuses connections from this address, and takes others. */
    REJECTED,
    /** A SYN, or its answer, was lost. */
    SLOW,
    /** TLS, which comes first, does not start. */
    NO_TLS,
    /** A connection on which nothing is said. */
    SILENT,
    /** A connection that is ended before a word. */
    HUNG_UP,
    /** A greeting that comes late to this address alone. */
    LATE,
    /** The first word is not SMTP. */
    NOT_SMTP,
    /** The greeting refuses. */
    TURNED_AWAY,
    /** A firewall has masked the banner. */
    MASKED,
    /** Something of this machine's own failed. */
    FAILED,
    /** There was no time left. */
    NOT_TRIED
  }
}
