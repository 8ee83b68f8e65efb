package io.posthouse.dsr;

/**
 * Something about servers of mode dsr that is not as it should be, in plain words.
 *
 * @param subject a virtual server, or one member of it
 * @param problem what was seen
 * @param clients what it means for clients
 * @param remedy the one change
 */
public record DsrFinding(Kind kind, String subject, String problem, String clients, String remedy) {

  /** How much it matters. */
  public enum Severity {
    /** Clients are not served, or pass the balancer by. */
    CRITICAL,
    /** It works, and not as meant. */
    WARNING,
    /** It is not known. */
    NOTE
  }

  /** What it is. */
  public enum Kind {
    /** The member's name has no address. */
    UNKNOWN_NAME(Severity.CRITICAL),
    /** The member is in no network of the interface. */
    ROUTED(Severity.CRITICAL),
    /** It answers neither at its own address nor through the VIP. */
    SERVER_DOWN(Severity.CRITICAL),
    /** The machine answers, and nothing listens on the port. */
    NOT_RUNNING(Severity.CRITICAL),
    /** The server does not have the VIP. */
    VIP_MISSING(Severity.CRITICAL),
    /** The mail server does not listen on the VIP. */
    NOT_ON_VIP(Severity.CRITICAL),
    /** The server answers, but not from the VIP. */
    OTHER_SOURCE(Severity.CRITICAL),
    /** A machine that is not the balancer answers ARP or NDP for the VIP. */
    ANSWERS_FOR_VIP(Severity.CRITICAL),
    /** The frame of the answer came from another interface than the server's. */
    OTHER_MAC(Severity.WARNING),
    /** Through the VIP the mail server does not speak as at its own address. */
    SPEAKS_OTHERWISE(Severity.WARNING),
    /** It answers through the VIP, and not at its own address. */
    OWN_ADDRESS_SILENT(Severity.WARNING),
    /** This machine does not have the VIP. */
    VIP_NOT_HERE(Severity.WARNING),
    /** Our own packets did not leave. */
    NOT_SENT(Severity.NOTE),
    /** Nobody was asked who answers for the VIP. */
    NOT_ASKED(Severity.NOTE),
    /** There was no time, or no way to try it. */
    NOT_TRIED(Severity.NOTE);

    private final Severity severity;

    Kind(Severity severity) {
      this.severity = severity;
    }

    /** How much it matters. */
    public Severity severity() {
      return severity;
    }
  }
}
