package io.posthouse.audit;

import io.posthouse.audit.Flow.Right;
import io.posthouse.model.Endpoint;
import io.posthouse.model.FindingKind;
import io.posthouse.model.VirtualServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may send to whom that should not. */
final class RelayFindings {
  /** The other remedy, for those whose members are to decide. */
  private static final String OWN_ADDRESS =
      " Where the members' lists are to decide, have them see each client's own address: snat: none"
          + " with this machine as their gateway, or mode: dsr, for which posthouse dsr setup prints"
          + " what the servers need.";

  private final Audited audited;
  private final List<Finding> found = new ArrayList<>();

  /** A class stands behind many virtual servers and is told of once, at its worst. */
  private final Map<String, Finding> once = new LinkedHashMap<>();

  private RelayFindings(Audited audited) {
    this.audited = audited;
  }

  static List<Finding> of(Audited audited) {
    RelayFindings findings = new RelayFindings(audited);
    audited.flows().forEach(findings::flow);
    audited.configuration().virtualServers().values().forEach(findings::believed);
    findings.found.addAll(findings.once.values());
    return findings.found;
  }

  private void flow(Flow flow) {
    String anybody = flow.anybody(audited.groups());
    boolean told = !flow.rules().isEmpty() && !flow.isAnother(); // Its class has the same right.
    if (flow.isUnenforced()) {
      if (!told) {
        once(unenforced(flow));
      }
    } else if (!anybody.isEmpty() && flow.right() == Right.ANYBODY) {
      if (!told) {
        once(openRelay(flow, anybody));
      }
    } else if (!anybody.isEmpty() && flow.right() == Right.MEMBERS) {
      if (!flow.named() || flow.isMasked()) {
        once(noList(flow, anybody));
      }
    }
  }

  private void once(Finding finding) {
    once.merge(
        finding.kind() + " " + finding.subject(),
        finding,
        (old, other) -> other.severity().compareTo(old.severity()) < 0 ? other : old);
  }

  private static Finding openRelay(Flow flow, String anybody) {
    return Finding.of(
        FindingKind.OPEN_RELAY,
        Severity.HIGH,
        flow.label(),
        flow.key("relay"),
        flow.isAnother()
            ? "The rule %s treats clients of %s, who are anybody (%s), as the class %s, and lets them send to anybody (relay: any)."
                .formatted(rule(flow), flow.clients(), anybody, flow.className())
            : "The class %s lets anybody in (%s) and lets them send to anybody (relay: any)."
                .formatted(flow.className(), anybody),
        "Whoever reaches %s sends spam to the whole world through your servers, which end on block lists."
            .formatted(listeners(flow.server())),
        flow.isAnother()
            ? "Let the rule choose a class with relay: none or a data group with your own domains; what addresses may do, let classes with lists say."
            : "Write relay: none, or a data group with your own domains, or give it a list of addresses in from.");
  }

  private static String rule(Flow flow) {
    return flow.rules().getFirst().name();
  }

  private Finding noList(Flow flow, String anybody) {
    VirtualServer server = flow.server();
    Finding finding =
        Finding.of(
            FindingKind.NO_LIST,
            flow.isMasked() ? Severity.MEDIUM : Severity.LOW,
            server.name(),
            noListKey(flow),
            flow.named() || !flow.rules().isEmpty()
                ? "%s lets anybody in as %s (%s) and leaves relaying to the members (relay: server)."
                    .formatted(server.name(), flow.label(), anybody)
                : "%s has no classes, so it lets anybody in and leaves relaying to the members."
                    .formatted(server.name()),
            flow.isMasked()
                ? "The members see an address of Posthouse and not the client's. If they let that one"
                    + " relay, for whatever reason, anybody who reaches %s relays; so does a compromised"
                        .formatted(listeners(server))
                    + " machine inside."
                : "Anybody may try, and only the members' own lists refuse them.",
            "Name classes with lists of addresses, so that everybody else is refused, or give the one for"
                + " strangers relay: none or a data group with your own domains."
                + (flow.isMasked() ? OWN_ADDRESS : ""));
    return flow.isMasked()
        ? finding.withCommands(
            ExchangeConnector.commands(ExchangeConnector.of(flow, audited.kernel(), Set.of())))
        : finding;
  }

  private static String noListKey(Flow flow) {
    String server = flow.server().name();
    if (!flow.rules().isEmpty()) {
      return flow.key("relay");
    }
    return flow.named()
        ? KeyPath.of("virtual-servers", server, "classes")
        : KeyPath.of("virtual-servers", server);
  }

  private void believed(VirtualServer server) {
    believed(server, "proxy", server.believe().proxy());
    believed(server, "xclient", server.believe().xclient());
  }

  private void believed(VirtualServer server, String how, List<String> peers) {
    String anybody = Flow.anybody(peers, audited.groups());
    if (!anybody.isEmpty()) {
      found.add(
          Finding.of(
              FindingKind.BELIEVES_ANYBODY,
              Severity.HIGH,
              server.name() + " by " + how,
              KeyPath.of("virtual-servers", server.name(), "believe", how),
              "%s believes anybody (%s) who says by %s which client it is."
                  .formatted(server.name(), anybody, how.toUpperCase(Locale.ROOT)),
              "A stranger says that it is a client of the class that may send the most, and is.",
              "Write the addresses of your own proxies into that list, and no others."));
    }
  }

  private static Finding unenforced(Flow flow) {
    return Finding.of(
        FindingKind.UNENFORCED_RELAY,
        Severity.MEDIUM,
        flow.label(),
        flow.key("relay"),
        "The class %s restricts relaying (relay: %s), but %s has mode tcp, which reads no recipients."
            .formatted(flow.className(), flow.of().relay(), flow.server().name()),
        "Its clients send to whomever the members let an address of Posthouse send to.",
        "Write mode: smtp in " + flow.server().name() + ", or give it a class of its own.");
  }

  private static String listeners(VirtualServer server) {
    return server.listen().stream().map(Endpoint::toString).collect(Collectors.joining(" or "));
  }
}
