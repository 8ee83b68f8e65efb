package io.posthouse.path;

import io.posthouse.health.ReplyClassifier;
import io.posthouse.health.ReplyStep;
import io.posthouse.model.Announce;
import io.posthouse.path.PathFinding.Kind;
import io.posthouse.smtp.Reply;

/** What is said of connections that do not begin with a good greeting. */
final class GreetingWords {
  private final Compared ways;

  GreetingWords(Compared ways) {
    this.ways = ways;
  }

  PathFinding of(Kind kind) {
    return switch (kind) {
      case SILENT -> silent();
      case HUNG_UP -> hungUp();
      case LATE -> late();
      case NOT_SMTP -> notSmtp();
      case NO_TLS -> noTls();
      case TURNED_AWAY -> turnedAway();
      case MASKED -> masked();
      default -> throw new IllegalArgumentException(kind.name());
    };
  }

  private Announce announce() {
    return ways.first().way().pool().announce();
  }

  /** How the pool's way to announce clients may be wrong. */
  private String header() {
    return announce().isProxy()
        ? "it does not expect the PROXY header that this pool sends (announce)"
        : "it waits for a PROXY header, which this pool does not send (announce)";
  }

  /** What holds for other addresses of ours, in front of the rest of a sentence. */
  private String alone() {
    String well = ways.others(Attempt::letsIn);
    return well.isEmpty() ? "" : " It does greet %s.".formatted(well);
  }

  private PathFinding silent() {
    return ways.finding(
        Kind.SILENT,
        "It takes the connection and says nothing within %d s.%s It looks up the name of %s, and its DNS is slow; or it holds its greeting back on purpose; or %s; or a firewall that sees one direction only drops what comes after the SYN."
            .formatted(Attempt.GREETING.toSeconds(), alone(), ways.sources(), header()),
        lookUp() + " Compare its settings with announce of the pool.");
  }

  private PathFinding late() {
    return ways.finding(
        Kind.LATE,
        "It greets %s after %d s, and %s at once. It looks up the name of %1$s, and its DNS is slow; or it holds its greeting back from some addresses on purpose."
            .formatted(
                ways.sources(),
                ways.first().attempt().waited().toSeconds(),
                ways.others(Attempt::isPrompt)),
        lookUp());
  }

  private String lookUp() {
    return "On the server: look up %s by its resolver (a PTR record, or an entry in its hosts file, makes it quick), and look into its log."
        .formatted(ways.first().from());
  }

  private PathFinding hungUp() {
    return ways.finding(
        Kind.HUNG_UP,
        "It takes the connection and ends it before a word (%s).%s It does not want %s: an access list, a limit on connections; or %s."
            .formatted(ways.said(), alone(), ways.sources(), header()),
        "The server's log says why; look for %s there.".formatted(ways.sources()));
  }

  private PathFinding notSmtp() {
    return ways.finding(
        Kind.NOT_SMTP,
        "What it says first is no SMTP: %s.%s".formatted(ways.said(), alone()),
        "Is port %d of %s that of the mail server? Where TLS comes first, the pool needs tls: { implicit: true }; else perhaps %s."
            .formatted(ways.port(), ways.host(), header()));
  }

  private PathFinding noTls() {
    return ways.finding(
        Kind.NO_TLS,
        "It takes the connection, but TLS does not start: %s.%s".formatted(ways.said(), alone()),
        "The pool has tls: { implicit: true }, TLS from the first octet, as on port 465. \"posthouse probe %s\" shows the certificates."
            .formatted(ways.first().way().path()));
  }

  private PathFinding masked() {
    return ways.finding(
        Kind.MASKED,
        "A firewall between this machine and the member inspects SMTP: it has masked the banner (%s). The member loses STARTTLS and more by it."
            .formatted(ways.said()),
        "Switch the inspection off (Cisco: no fixup protocol smtp, no inspect esmtp).");
  }

  private PathFinding turnedAway() {
    Reply greeting = ways.first().attempt().greeting();
    Meaning meaning = greeting == null ? Meaning.NONE : meaning(greeting);
    return ways.finding(
        Kind.TURNED_AWAY,
        "It greets %s with %s: %s.%s"
            .formatted(ways.sources(), ways.said(), meaning.words, alone()),
        meaning.remedy);
  }

  private record Meaning(String words, String remedy) {
    static final Meaning NONE =
        new Meaning("no greeting that lets anybody in", "The server's log says why.");
  }

  private Meaning meaning(Reply greeting) {
    return switch (ReplyClassifier.classify(ReplyStep.GREETING, greeting)) {
      case REFUSES_CLIENT, REFUSED, GREYLISTED, TEMPORARY ->
          new Meaning(
              "it does not take mail from this address" + (greeting.severity() == 4 ? " now" : ""),
              permit()
                  + ", and on no block list there; in Postfix into what smtpd_client_restrictions or postscreen_access_list permit.");
      case CLIENT_LIMIT ->
          new Meaning("this address is over a limit of the server", raiseTheLimit());
      case PRESSURE -> pressure();
      case ACCEPTED, BROKEN, PROTOCOL -> Meaning.NONE;
    };
  }

  /** A server that lets others in is not short of everything. */
  private Meaning pressure() {
    return alone().isEmpty()
        ? new Meaning(
            "the server is overloaded, or about to stop",
            "Look at the server's load, disk and memory; \"posthouse status\" shows its pressure.")
        : new Meaning(
            "it takes no more from this address now, while others are let in: a limit for one address, or its receive connector",
            raiseTheLimit() + " " + permit() + ".");
  }

  private String raiseTheLimit() {
    return "All mail comes from this address, so a limit for one client is one for all: raise it for %s (Exchange: MaxInboundConnectionPerSource of the receive connector; Postfix: smtpd_client_connection_count_limit, or smtpd_client_event_limit_exceptions), or lower max-connections of the member."
        .formatted(ways.sources());
  }

  private String permit() {
    return "%s belongs into the remote IP ranges of the receive connector that should take it (Exchange: Get-ReceiveConnector | fl Identity, RemoteIPRanges)"
        .formatted(ways.sources());
  }
}
