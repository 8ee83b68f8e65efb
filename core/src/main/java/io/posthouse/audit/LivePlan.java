package io.posthouse.audit;

import io.posthouse.audit.Flow.Right;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.Rule;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.policy.ClassTable;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Entry;
import io.posthouse.policy.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whom a live audit has to ask, and what it cannot ask: each virtual server as a client of each
 * class that may not send to anybody, and each member from each address that such clients come
 * from.
 *
 * <p>Members that are told who the client is are asked through the virtual servers alone: our
 * address says nothing to them.
 */
public record LivePlan(List<LiveTarget> targets, List<String> notes) {
  /** Addresses that no list of clients should have, for a class of everybody (RFC 5737, 3849). */
  private static final List<String> STRANGERS =
      List.of("203.0.113.25", "198.51.100.25", "192.0.2.25", "2001:db8::25");

  /** Entries of a list that are looked at for an address that is of no class before. */
  private static final int MOST_ENTRIES = 10_000;

  /** Copies both. */
  public LivePlan {
    targets = List.copyOf(targets);
    notes = List.copyOf(notes);
  }

  /** All of a configuration, in the order of the file. */
  public static LivePlan of(Configuration configuration, DataGroups groups) {
    List<Flow> flows = Flow.all(configuration);
    List<Flow> trusted = flows.stream().filter(each -> each.right() == Right.ANYBODY).toList();
    List<Flow> restricted = flows.stream().filter(each -> each.right() != Right.ANYBODY).toList();
    Map<String, Set<String>> relays = new HashMap<>();
    trusted.forEach(flow ->
        ways(flow)
            .forEach(way ->
                relays.computeIfAbsent(way.name(), _ -> new LinkedHashSet<>()).add(flow.label())));
    Map<String, LiveTarget.Straight> straight = new LinkedHashMap<>();
    restricted.forEach(flow ->
        ways(flow)
            .map(way -> way.sharedWith(relays.getOrDefault(way.name(), Set.of())))
            .forEach(way -> straight.merge(way.name(), way, LiveTarget.Straight::and)));
    List<LiveTarget> targets = new ArrayList<>();
    for (Flow flow : restricted) {
      if (flow.rules().isEmpty() && flow.server().mode() != Mode.DSR) {
        ClassTable table = ClassTable.of(configuration, flow.server(), groups);
        Set<String> shared = new LinkedHashSet<>();
        ways(flow).forEach(way -> shared.addAll(relays.getOrDefault(way.name(), Set.of())));
        targets.add(new LiveTarget.Client(flow, sample(table, flow, groups), List.copyOf(shared)));
      }
    }
    targets.addAll(straight.values());
    return new LivePlan(targets, notes(configuration, trusted));
  }

  /** What nobody is asked about. */
  private static List<String> notes(Configuration configuration, List<Flow> trusted) {
    List<String> notes = new ArrayList<>();
    trusted.stream()
        .filter(flow -> flow.rules().stream().allMatch(Rule::choosesClass))
        .map(flow -> "%s may send to anywhere, by its class (relay: any)".formatted(flow.who()))
        .distinct()
        .forEach(notes::add);
    for (VirtualServer server : configuration.virtualServers().values()) {
      if (server.mode() == Mode.DSR) {
        notes.add(
            "%s was not asked: it has mode dsr, and what this machine sends does not take that way; its members see each client's own address, so try one from a client's machine"
                .formatted(server.name()));
      }
      String rules =
          Flows.choosing(configuration, server).map(Rule::name).collect(Collectors.joining(", "));
      if (!rules.isEmpty()) {
        notes.add(
            "rules of %s were not made to fire: %s; members were asked from the addresses that they choose"
                .formatted(server.name(), rules));
      }
    }
    return notes;
  }

  /** The members that know a flow by an address of ours, each from each of them. */
  private static Stream<LiveTarget.Straight> ways(Flow flow) {
    return flow.isMasked()
        ? flow.pool().members().values().stream().flatMap(member -> ways(flow, member))
        : Stream.of();
  }

  private static Stream<LiveTarget.Straight> ways(Flow flow, Member member) {
    Endpoint address = flow.address(member);
    return flow.ours(address.host())
        .map(from -> new LiveTarget.Straight(member, address, from, List.of(flow), List.of()));
  }

  /** An address that the table finds to be of the flow's class; null when none was found. */
  private static @Nullable InetAddress sample(ClassTable table, Flow flow, DataGroups groups) {
    Stream<InetAddress> candidates =
        flow.from().from().contains(ClientClass.ANY)
            ? STRANGERS.stream().map(InetAddress::ofLiteral)
            : flow.from().from().stream()
                .flatMap(group ->
                    groups.addresses(group).entries().stream().limit(MOST_ENTRIES).map(Entry::text))
                .map(Prefix::parse)
                .flatMap(Optional::stream)
                .map(Prefix::address);
    return candidates.filter(address -> isOf(table, flow.from(), address)).findFirst().orElse(null);
  }

  private static boolean isOf(ClassTable table, ClientClass of, InetAddress address) {
    int index = table.match(address);
    return index != ClassTable.NONE && table.classes().get(index).name().equals(of.name());
  }
}
