package io.posthouse.audit;

import io.posthouse.audit.Flow.Right;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.policy.ClassTable;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Entry;
import io.posthouse.policy.Prefix;
import io.posthouse.policy.ProbeSource;
import io.posthouse.policy.Source;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whom a live audit has to ask: each virtual server as a client of each class that may not send to
 * anybody, and each member from each address that such clients come from.
 *
 * <p>Members that are told who the client is are asked through the virtual servers alone: our
 * address says nothing to them.
 */
public final class LivePlan {
  /** Addresses that no list of clients should have, for a class of everybody (RFC 5737, 3849). */
  private static final List<String> STRANGERS =
      List.of("203.0.113.25", "198.51.100.25", "192.0.2.25", "9.9.9.9", "2001:db8::25");

  /** Entries of a list that are looked at for an address that is of no class before. */
  private static final int MOST_ENTRIES = 10_000;

  private LivePlan() {}

  /** All that is to be asked, in the order of the file. */
  public static List<LiveTarget> of(Configuration configuration, DataGroups groups) {
    List<LiveTarget> targets = new ArrayList<>();
    Map<String, LiveTarget.Straight> straight = new LinkedHashMap<>();
    for (Flow flow : Flow.all(configuration)) {
      if (flow.right() == Right.ANYBODY) {
        continue; // It is allowed to, and the file says so.
      }
      ClassTable table = ClassTable.of(configuration, flow.server(), groups);
      targets.add(new LiveTarget.Client(flow, sample(table, flow, groups)));
      if (flow.isMasked()) {
        members(flow).forEach(each -> straight.merge(each.name(), each, LivePlan::both));
      }
    }
    targets.addAll(straight.values());
    return targets;
  }

  private static LiveTarget.Straight both(LiveTarget.Straight one, LiveTarget.Straight other) {
    List<Flow> flows = new ArrayList<>(one.flows());
    flows.addAll(other.flows());
    return new LiveTarget.Straight(one.member(), one.address(), one.from(), flows);
  }

  private static Stream<LiveTarget.Straight> members(Flow flow) {
    return flow.pool().members().values().stream().flatMap(member -> straight(flow, member));
  }

  private static Stream<LiveTarget.Straight> straight(Flow flow, Member member) {
    Endpoint address = flow.of().address(member);
    String name = flow.pool().name() + "/" + member.name();
    return sources(flow.source(), address.host())
        .map(from -> new LiveTarget.Straight(name, address, from, List.of(flow)));
  }

  private static Stream<ProbeSource> sources(Source source, String host) {
    return switch (source) {
      case Source.Automap _ -> Stream.of(ProbeSource.AUTOMAP);
      case Source.Transparent _ -> Stream.of();
      case Source.Listed ours -> {
        Stream<InetAddress> ipv4 = IpAddress.isIpv6(host) ? Stream.of() : ours.ipv4().stream();
        Stream<InetAddress> ipv6 = IpAddress.isIpv4(host) ? Stream.of() : ours.ipv6().stream();
        yield Stream.concat(ipv4, ipv6).map(ProbeSource::new);
      }
    };
  }

  /** An address that the table finds to be of the flow's class; null when none was found. */
  private static @Nullable InetAddress sample(ClassTable table, Flow flow, DataGroups groups) {
    Stream<InetAddress> candidates =
        flow.of().from().contains(ClientClass.ANY)
            ? STRANGERS.stream().map(InetAddress::ofLiteral)
            : flow.of().from().stream()
                .flatMap(group ->
                    groups.addresses(group).entries().stream().limit(MOST_ENTRIES).map(Entry::text))
                .map(Prefix::parse)
                .flatMap(Optional::stream)
                .map(Prefix::address);
    return candidates.filter(address -> isOf(table, flow.of(), address)).findFirst().orElse(null);
  }

  private static boolean isOf(ClassTable table, ClientClass of, InetAddress address) {
    int index = table.match(address);
    return index != ClassTable.NONE && table.classes().get(index).name().equals(of.name());
  }
}
