package io.posthouse.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * A receive connector that Exchange servers need for the mail of one class.
 *
 * @param name the name of the class
 * @param addresses the addresses that its mail comes from
 * @param port where the servers listen for it
 * @param relays whether it may send to anybody
 */
record ExchangeConnector(
    String name, Set<String> servers, Set<String> addresses, int port, boolean relays) {
  private static final int SERVERS = 50;

  /**
   * The one of a class.
   *
   * @param addresses those that are known; where there is none, a word stands for it
   */
  static ExchangeConnector of(Flow flow, Set<String> addresses, boolean relays) {
    Set<String> known = new TreeSet<>(addresses);
    known.remove(Flow.AUTOMAP);
    if (known.isEmpty()) {
      known.add("ADDRESS-OF-" + flow.of().name());
    }
    int port = flow.targets().iterator().next().port();
    return new ExchangeConnector(
        flow.of().name(), flow.pool().members().keySet(), known, port, relays);
  }

  /** What makes these connectors, for the Exchange Management Shell. */
  static List<String> commands(List<ExchangeConnector> connectors) {
    List<String> lines = new ArrayList<>();
    Set<String> servers = new TreeSet<>();
    connectors.forEach(each -> servers.addAll(each.servers));
    lines.add("# Names of members stand for those of servers; put in others where they differ.");
    lines.add(
        "foreach ($server in "
            + servers.stream().limit(SERVERS).map(ExchangeConnector::quoted).collect(commas())
            + ") {");
    connectors.forEach(each -> lines.addAll(each.commands()));
    lines.add("}");
    lines.add("# Never \"Externally secured\" (ExternalAuthoritative): it trusts every sender. If");
    lines.add("# this names a connector with an address of Posthouse, repair it by the next line.");
    lines.add(
        "Get-ReceiveConnector | Where-Object { \"$($_.AuthMechanism)\" -match"
            + " \"ExternalAuthoritative\" } | Format-List Identity, RemoteIPRanges");
    lines.add(
        "Set-ReceiveConnector \"SERVER\\CONNECTOR\" -AuthMechanism Tls -PermissionGroups"
            + " AnonymousUsers");
    return lines;
  }

  /** All clients of a class come from one address, so bounds by source must go. */
  private List<String> commands() {
    List<String> lines = new ArrayList<>();
    String own = "Posthouse " + name;
    lines.add(
        "  New-ReceiveConnector -Name "
            + quoted(own)
            + " -Server $server -TransportRole FrontendTransport -Usage Custom -Bindings 0.0.0.0:"
            + port
            + " -RemoteIPRanges "
            + addresses.stream().collect(commas())
            + " -PermissionGroups AnonymousUsers -AuthMechanism Tls -ProtocolLoggingLevel Verbose"
            + " -MaxInboundConnectionPerSource unlimited -MaxInboundConnectionPercentagePerSource"
            + " 100");
    if (relays) {
      lines.add(
          "  Get-ReceiveConnector \"$server\\"
              + own
              + "\" | Add-ADPermission -User \"NT AUTHORITY\\ANONYMOUS LOGON\" -ExtendedRights"
              + " Ms-Exch-SMTP-Accept-Any-Recipient");
    }
    return lines;
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static Collector<CharSequence, ?, String> commas() {
    return Collectors.joining(", ");
  }
}
