package io.posthouse.audit;

import com.dynatrace.hash4j.hashing.Hashing;
import io.posthouse.audit.Flow.Right;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * A receive connector that Exchange servers need for the mail of a class, or of several that come
 * from the same addresses.
 *
 * @param name the names of the classes
 * @param addresses the addresses that its mail comes from
 * @param port where the servers listen for it
 * @param relays whether it may send to anybody
 */
record ExchangeConnector(
    String name, Set<String> servers, Set<String> addresses, int port, boolean relays) {
  private static final int SERVERS = 50;
  private static final int LONGEST_NAME = 64;

  /**
   * Those of a class: one, or one for each port that members have. Where no address is known, a
   * word stands for it.
   *
   * @param left addresses that the class should leave
   */
  static List<ExchangeConnector> of(Flow flow, KernelChoice kernel, Set<String> left) {
    Set<String> addresses = new TreeSet<>();
    Map<Integer, Set<String>> servers = new LinkedHashMap<>();
    for (Member member : flow.pool().members().values()) {
      Endpoint target = flow.address(member);
      servers.computeIfAbsent(target.port(), _ -> new TreeSet<>()).add(member.name());
      addresses.addAll(flow.sources(target, kernel));
    }
    addresses.removeAll(left);
    addresses.remove(Flow.AUTOMAP);
    if (addresses.isEmpty()) {
      addresses.add("ADDRESS-OF-" + flow.of().name());
    }
    List<ExchangeConnector> connectors = new ArrayList<>();
    boolean relays = flow.right() == Right.ANYBODY;
    servers.forEach((port, its) ->
        connectors.add(new ExchangeConnector(flow.ofMembers(), its, addresses, port, relays)));
    return connectors;
  }

  /** What makes these connectors, for the Exchange Management Shell. */
  static List<String> commands(List<ExchangeConnector> connectors) {
    List<String> lines = new ArrayList<>();
    lines.add("# Names of members stand for those of servers; put in others where they differ.");
    byServers(connectors)
        .forEach((servers, its) -> {
          lines.add(
              servers.stream()
                  .limit(SERVERS)
                  .map(ExchangeConnector::quoted)
                  .collect(Collectors.joining(", ", "foreach ($server in ", ") {")));
          its.forEach(each -> lines.addAll(each.commands()));
          lines.add("}");
        });
    lines.add("# Never \"Externally secured\" (ExternalAuthoritative): it trusts every sender. If");
    lines.add(
        "# this names a connector with an address of Posthouse, repair it by the next line. It");
    lines.add(
        "# takes the right to relay with it: where its clients are meant to send to anybody,");
    lines.add("# give it that right by a line with Add-ADPermission as above.");
    lines.add(
        "Get-ReceiveConnector | Where-Object { \"$($_.AuthMechanism)\" -match"
            + " \"ExternalAuthoritative\" } | Format-List Identity, RemoteIPRanges");
    lines.add(
        "Set-ReceiveConnector \"SERVER\\CONNECTOR\" -AuthMechanism Tls -PermissionGroups"
            + " AnonymousUsers");
    return lines;
  }

  /** A server takes one connector for the same addresses and port. */
  private static Map<Set<String>, List<ExchangeConnector>> byServers(
      List<ExchangeConnector> connectors) {
    Map<ExchangeConnector, Set<String>> names = new LinkedHashMap<>();
    connectors.forEach(
        each -> names.computeIfAbsent(each.named(""), _ -> new LinkedHashSet<>()).add(each.name));
    Map<Set<String>, List<ExchangeConnector>> byServers = new LinkedHashMap<>();
    names.forEach((each, its) ->
        byServers
            .computeIfAbsent(each.servers, _ -> new ArrayList<>())
            .add(each.named(String.join(" and ", its))));
    return byServers;
  }

  private ExchangeConnector named(String other) {
    return new ExchangeConnector(other, servers, addresses, port, relays);
  }

  /** All clients of a class come from one address, so bounds by source must go. */
  private List<String> commands() {
    List<String> lines = new ArrayList<>();
    String own = fitting("Posthouse " + name);
    lines.add(
        "  New-ReceiveConnector -Name "
            + quoted(own)
            + " -Server $server -TransportRole FrontendTransport -Usage Custom -Bindings "
            + bindings()
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

  /** A name that Exchange takes: of a longer one the begin, and what tells it from others. */
  private static String fitting(String name) {
    if (name.length() <= LONGEST_NAME) {
      return name;
    }
    String mark = " %08x".formatted((int) Hashing.xxh3_64().hashCharsToLong(name));
    return name.substring(0, LONGEST_NAME - mark.length()) + mark;
  }

  private String bindings() {
    boolean ipv6 = addresses.stream().anyMatch(each -> each.indexOf(':') >= 0);
    boolean ipv4 = addresses.stream().anyMatch(each -> each.indexOf(':') < 0);
    return (ipv4 ? "0.0.0.0:" + port : "")
        + (ipv4 && ipv6 ? ", " : "")
        + (ipv6 ? "[::]:" + port : "");
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static Collector<CharSequence, ?, String> commas() {
    return Collectors.joining(", ");
  }
}
