package io.posthouse.audit;

import io.posthouse.audit.Flow.Right;
import io.posthouse.model.Endpoint;
import io.posthouse.model.FindingKind;
import io.posthouse.model.VirtualServer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may send to whom that should not. */
final class RelayFindings {
  private final Audited audited;
  private final List<Finding> found = new ArrayList<>();
  private final Set<String> told = new LinkedHashSet<>();

  private RelayFindings(Audited audited) {
    this.audited = audited;
  }

  static List<Finding> of(Audited audited) {
    RelayFindings findings = new RelayFindings(audited);
    audited.flows().forEach(findings::flow);
    audited.configuration().virtualServers().values().forEach(findings::believed);
    return findings.found;
  }

  private void flow(Flow flow) {
    String anybody = flow.anybody(audited.groups());
    if (flow.isUnenforced()) {
      once(unenforced(flow));
    } else if (!anybody.isEmpty() && flow.right() == Right.ANYBODY) {
      once(openRelay(flow, anybody));
    } else if (!anybody.isEmpty() && flow.right() == Right.MEMBERS) {
      if (!flow.named() || flow.isMasked()) {
        once(noList(flow, anybody));
      }
    }
  }

  /** A class stands behind many virtual servers and is told of once. */
  private void once(Finding finding) {
    if (told.add(finding.kind() + " " + finding.subject())) {
      found.add(finding);
    }
  }

  private static Finding openRelay(Flow flow, String anybody) {
    return Finding.of(
        FindingKind.OPEN_RELAY,
        Severity.HIGH,
        flow.label(),
        flow.key("relay"),
        "The class %s lets anybody in (%s) and lets them send to anybody (relay: any)."
            .formatted(flow.label(), anybody),
        "Whoever reaches %s sends spam to the whole world through your servers, which end on block lists."
            .formatted(listeners(flow.server())),
        "Write relay: none, or a data group with your own domains, or give it a list of addresses in from.");
  }

  private Finding noList(Flow flow, String anybody) {
    VirtualServer server = flow.server();
    Finding finding =
        Finding.of(
            FindingKind.NO_LIST,
            flow.isMasked() ? Severity.MEDIUM : Severity.LOW,
            server.name(),
            flow.named()
                ? KeyPath.of("virtual-servers", server.name(), "classes")
                : KeyPath.of("virtual-servers", server.name()),
            flow.named()
                ? "%s lets anybody in as the class %s (%s) and leaves relaying to the members (relay: server)."
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
                + " strangers relay: none or a data group with your own domains.");
    return flow.isMasked()
        ? finding.withCommands(
            ExchangeConnector.commands(
                List.of(ExchangeConnector.of(flow, audited.kernel(), Set.of()))))
        : finding;
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
            .formatted(flow.label(), flow.of().relay(), flow.server().name()),
        "Its clients send to whomever the members let an address of Posthouse send to.",
        "Write mode: smtp in " + flow.server().name() + ", or give it a class of its own.");
  }

  private static String listeners(VirtualServer server) {
    return server.listen().stream().map(Endpoint::toString).collect(Collectors.joining(" or "));
  }
}
