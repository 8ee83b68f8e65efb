package io.posthouse.irule;

import java.util.Set;

/** Looks at what a rule does with the octets of SMTP, and at events. */
final class TrafficLook implements Look {
  /** Events of profiles that a virtual server for SMTP has not. */
  private static final Set<String> FOREIGN =
      Set.of(
          "HTTP",
          "CACHE",
          "HTML",
          "XML",
          "JSON",
          "ASM",
          "ACCESS",
          "DNS",
          "SIP",
          "RTSP",
          "RADIUS",
          "DIAMETER",
          "MQTT",
          "WS",
          "REWRITE",
          "GENERICMESSAGE",
          "PEM",
          "BOTDEFENSE");

  /** Events where it is decided whether the servers' side speaks TLS from its first octet. */
  private static final Set<String> BEFORE_SERVER =
      Set.of("CLIENT_ACCEPTED", "LB_SELECTED", "SERVER_CONNECTED");

  private final Values values;
  private final Findings findings;
  private String event = "";

  TrafficLook(Values values, Findings findings) {
    this.values = values;
    this.findings = findings;
  }

  /** Whether an event never comes on a virtual server for SMTP. */
  static boolean isForeign(String event) {
    return FOREIGN.contains(event.replaceFirst("_.*", ""));
  }

  @Override
  public void event(String name, int at) {
    event = name;
    if (isForeign(name)) {
      findings.add(
          LintKind.DEAD_EVENT,
          at,
          "the event "
              + Findings.quote(name)
              + " never comes on a virtual server for SMTP, which has no such profile",
          "Remove it, or move what must happen to CLIENT_ACCEPTED.");
    }
  }

  @Override
  public void command(TclCommand command) {
    switch (command.name()) {
      case "TCP::collect", "TCP::respond", "STREAM::expression" -> byHand(command);
      case "TCP::payload" -> {
        if ("replace".equals(command.argument(1))) {
          byHand(command);
        }
      }
      case "SSL::enable", "SSL::disable" -> tls(command);
      case "RESOLV::lookup", "RESOLVER::name_lookup" ->
          lookup(
              command,
              " holds the client up until DNS answers, and nothing says what becomes of it when DNS does not");
      case "NAME::lookup" ->
          lookup(
              command,
              " answers at NAME_RESOLVED, and nothing says what becomes of the client until then");
      case "log", "HSL::send" -> {
        if (command.arguments().stream().anyMatch(each -> values.hasPayload(each.parts()))) {
          findings.add(
              LintKind.BODY_IN_LOG,
              command.at(),
              "what the client sends goes into a log: messages, and passwords of AUTH with them",
              "Log the client's address ([IP::client_addr]) and nothing that it says.");
        }
      }
      default -> {}
    }
  }

  private void tls(TclCommand command) {
    boolean plainServer = command.is("SSL::disable") && "serverside".equals(command.argument(1));
    if (!plainServer || !BEFORE_SERVER.contains(event)) {
      findings.add(
          LintKind.STARTTLS_BY_HAND,
          command.at(),
          command.name()
              + " is STARTTLS by hand: what a client sends behind STARTTLS in the same packet is taken for its words inside TLS",
          "Use the profile SMTPS where your version has it, or let the servers do STARTTLS.");
    }
  }

  private void lookup(TclCommand command, String what) {
    findings.add(
        LintKind.DNS_LOOKUP,
        command.at(),
        command.name() + what,
        "Ask block lists on the servers, if they see the client's address, or in Posthouse.");
  }

  private void byHand(TclCommand command) {
    findings.add(
        LintKind.SMTP_BY_HAND,
        command.at(),
        command.name()
            + " is SMTP by hand: commands come in pieces and several at once, bodies look like commands, and behind STARTTLS nothing can be read",
        "Leave it to the servers, or to Posthouse, which reads SMTP.");
  }
}
