package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.MemberConnections;
import io.posthouse.balance.MaglevTable;
import io.posthouse.health.MemberStatus;
import io.posthouse.model.AdminState;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.policy.AddressSet;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Entry;
import io.posthouse.policy.Prefix;
import io.posthouse.ruleset.DsrPlan;
import io.posthouse.ruleset.DsrPlan.Vip;
import io.posthouse.ruleset.DsrService;
import io.posthouse.ruleset.DsrShares;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan for the kernel out of what runs: which services there are, and which members share
 * the new links of each.
 *
 * <p>Numbers of services and marks of addresses stay as long as the process lives, since maps in
 * the kernel remember links by them. For one thread, but for {@link #member}.
 */
final class DsrPlanner {
  /** Names may have many addresses one after the other; the kernel's counters are read whole. */
  private static final int MOST_MARKS = 3_000;

  private final MachineAddresses machine;
  private final InstantSource clock;
  private final Map<Place, Integer> numbers = new HashMap<>();
  private final Map<InetAddress, Integer> marks = new HashMap<>();
  private @Nullable Asked asked;
  private Map<Place, DsrService> found = Map.of();
  private final Map<String, String> members = new ConcurrentHashMap<>();
  private final Map<String, Instant> disabled = new HashMap<>();
  private final Set<String> troubles = new LinkedHashSet<>();

  /** What services follow from. */
  private record Asked(Configuration configuration, DataGroups groups) {}

  /** Where a virtual server listens. */
  record Place(String server, Endpoint listen) {}

  DsrPlanner(MachineAddresses machine, InstantSource clock) {
    this.machine = machine;
    this.clock = clock;
  }

  /** The member of a pool that a mark stands for; null for none that is there. From any thread. */
  @Nullable String member(String pool, int mark) {
    return members.get(pool + "/" + mark);
  }

  /** What a member's address is known by in the kernel; null when it never had work. */
  @Nullable Integer known(InetAddress address) {
    return marks.get(address);
  }

  /** What of the last plan cannot be done; empty for nothing. */
  String troubles() {
    return String.join("; ", troubles);
  }

  /** What a configuration needs; a device that nobody has named may be missing for the moment. */
  Map<Place, DsrService> services(Configuration of, DataGroups groups) {
    Asked now = new Asked(of, groups);
    if (!now.equals(asked)) { // Lists may be long, and this is asked each second.
      found = make(of, groups);
      boolean all = found.values().stream().noneMatch(each -> each.device().isEmpty());
      asked = all ? now : null; // A device may get its address any moment.
    }
    return found;
  }

  private Map<Place, DsrService> make(Configuration of, DataGroups groups) {
    Map<Place, DsrService> services = new LinkedHashMap<>();
    for (VirtualServer server : of.virtualServers().values()) {
      if (server.mode() != Mode.DSR) {
        continue;
      }
      AddressSet admitted = admitted(server, of, groups);
      boolean bySource =
          Optional.ofNullable(of.pools().get(server.pool()))
              .filter(pool -> pool.balance() == BalanceMethod.SOURCE_HASH)
              .isPresent();
      for (Endpoint listen : server.listen()) {
        Place place = new Place(server.name(), listen);
        InetAddress vip = IpAddress.parse(listen.host()).orElseThrow();
        boolean ipv6 = vip.getAddress().length > 4;
        services.put(
            place,
            new DsrService(
                numbers.computeIfAbsent(place, _ -> numbers.size() + 1),
                device(server, vip),
                vip,
                listen.port(),
                bySource,
                server.idleTimeout(),
                server.dsr().newLinksPerClient(),
                admitted == null ? null : admitted.ranges(ipv6)));
      }
    }
    return services;
  }

  private String device(VirtualServer server, InetAddress vip) {
    String named = server.dsr().device();
    return named != null ? named : machine.interfaceBeside(vip).orElse("");
  }

  /** Whom the classes of a virtual server let in; null for everybody. */
  private static @Nullable AddressSet admitted(
      VirtualServer server, Configuration of, DataGroups groups) {
    if (server.classes() == null) {
      return null;
    }
    List<Entry> entries = new ArrayList<>();
    for (String name : of.classesOf(server)) {
      ClientClass each = of.clientClasses().get(name);
      for (String from : each == null ? List.<String>of() : each.from()) {
        if (from.equals(ClientClass.ANY)) {
          return null;
        }
        entries.addAll(groups.addresses(from).entries());
      }
    }
    return AddressSet.of(entries);
  }

  /**
   * What the kernel is to do.
   *
   * @param before what it does
   */
  DsrPlan plan(Plane plane, Map<Place, DsrService> services, DsrPlan before) {
    Map<DsrService, DsrShares> shares = new LinkedHashMap<>();
    Set<Vip> vips = new LinkedHashSet<>();
    Map<String, Integer> indices = new HashMap<>();
    troubles.clear();
    forget(plane);
    services.forEach((place, service) -> {
      int index = service.device().isEmpty() ? 0 : machine.index(service.device());
      if (index == 0) {
        troubles.add(
            "%s is not served: this machine has no device %s"
                .formatted(
                    place.server(),
                    service.device().isEmpty() ? "with its network" : service.device()));
        return;
      }
      indices.put(service.device(), index);
      VirtualServer server = plane.configuration().virtualServers().get(place.server());
      BackendPool pool = server == null ? null : plane.pools().get(server.pool());
      if (server != null && pool != null) {
        shares.put(service, shares(pool, service, before));
        if (server.dsr().addAddress()) {
          vips.add(new Vip(service.device(), service.vip()));
        }
      }
    });
    Map<Integer, InetAddress> members = new TreeMap<>();
    marks.forEach((address, mark) -> members.put(mark, address));
    return new DsrPlan(shares, members, vips, indices);
  }

  private DsrShares shares(BackendPool pool, DsrService service, DsrPlan before) {
    Map<String, Integer> byName = marks(pool, service);
    List<String> names = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    pool.view()
        .shares()
        .forEach((name, weight) -> {
          if (byName.containsKey(name)) {
            names.add(name);
            weights.add(weight);
          }
        });
    Set<Integer> cut = new LinkedHashSet<>();
    pool.statuses()
        .forEach((name, status) -> {
          Integer mark = byName.get(name);
          if (mark != null && isCut(pool, name, status)) {
            cut.add(mark);
          }
        });
    List<Integer> slots =
        names.isEmpty()
            ? List.of()
            : slots(names, weights, names.stream().map(byName::get).toList());
    Set<Integer> active = Set.copyOf(slots);
    cut.removeAll(active); // Two members may have one address.
    return new DsrShares(slots, active, cut, known(service, byName, before));
  }

  /** The marks of the members that packets can be handed to, by their names. */
  private Map<String, Integer> marks(BackendPool pool, DsrService service) {
    Map<String, Integer> byName = new LinkedHashMap<>();
    List<Prefix> networks = machine.networks(service.device());
    for (MemberConnections each : pool.members().values()) {
      InetSocketAddress socket = each.address();
      InetAddress address = socket == null ? null : socket.getAddress();
      if (address == null || address.getAddress().length > 4 != service.ipv6()) {
        continue;
      }
      String name = pool.name() + "/" + each.member().name();
      if (networks.stream().noneMatch(network -> network.contains(address))) {
        troubles.add(
            "%s gets no links: %s is in no network of %s"
                .formatted(name, IpAddress.text(address), service.device()));
        continue;
      }
      int mark = mark(address);
      byName.put(each.member().name(), mark);
      members.put(pool.name() + "/" + mark, each.member().name());
    }
    return byName;
  }

  private static List<Integer> slots(
      List<String> names, List<Integer> weights, List<Integer> marks) {
    int[] shares = weights.stream().mapToInt(Integer::intValue).toArray();
    short[] table = MaglevTable.of(names, shares, DsrShares.SLOTS);
    return IntStream.range(0, table.length).mapToObj(i -> marks.get(table[i])).toList();
  }

  /** Those it had stay: their links live on, and are counted. */
  private Set<Integer> known(DsrService service, Map<String, Integer> byName, DsrPlan before) {
    Set<Integer> known = new LinkedHashSet<>(byName.values());
    before
        .services()
        .forEach((other, shares) -> {
          if (other.number() == service.number()) {
            known.addAll(shares.known());
          }
        });
    known.retainAll(marks.values());
    return known;
  }

  /** Whether the links of a member are to be cut: disabled, and its grace is over. */
  private boolean isCut(BackendPool pool, String member, MemberStatus status) {
    String name = pool.name() + "/" + member;
    if (status.admin() != AdminState.DISABLED) {
      disabled.remove(name);
      return false;
    }
    Instant since = disabled.computeIfAbsent(name, _ -> clock.instant());
    return !since.plus(pool.pool().disableDeadline()).isAfter(clock.instant());
  }

  private int mark(InetAddress address) {
    Integer known = marks.get(address);
    if (known != null) {
      return known;
    }
    int free = 1;
    while (marks.containsValue(free)) {
      free++;
    }
    marks.put(address, free);
    return free;
  }

  /** With very many addresses those that no member has any more are forgotten. */
  private void forget(Plane plane) {
    if (marks.size() < MOST_MARKS) {
      return;
    }
    Set<InetAddress> current = new HashSet<>();
    for (BackendPool pool : plane.pools().values()) {
      for (MemberConnections each : pool.members().values()) {
        InetSocketAddress socket = each.address();
        if (socket != null) {
          current.add(socket.getAddress());
        }
      }
    }
    marks.keySet().retainAll(current);
  }
}
