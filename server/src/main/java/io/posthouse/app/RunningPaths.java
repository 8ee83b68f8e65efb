package io.posthouse.app;

import io.posthouse.audit.MemberWay;
import io.posthouse.backend.AssumedLinks;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Ticker;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.net.Listener;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import io.posthouse.path.MemberVerdicts;
import io.posthouse.path.PathTester;
import io.posthouse.path.Vip;
import io.posthouse.path.VipVerdicts;
import io.posthouse.path.WalkedWay;
import io.posthouse.path.Whereabouts;
import io.posthouse.probe.PathWalk;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Goes the ways of what runs: to its members from each of our addresses, to its own addresses. */
final class RunningPaths implements PathTester {
  /** As many as a member has of a monitor's probes. */
  private static final Walkers WALKERS = new Walkers(8, LONGEST);

  private final Reconciler reconciler;
  private final Names names;
  private final PathWalk walk;
  private final MachineAddresses machine = new MachineAddresses();

  RunningPaths(Reconciler reconciler, Names names, Path file, Ticker ticker) {
    this.reconciler = reconciler;
    this.names = names;
    this.walk = new PathWalk(file, ticker);
  }

  private Configuration configuration() {
    Plane plane = reconciler.plane();
    if (plane == null) {
      throw new BadQuestionException("nothing runs yet; try again");
    }
    return plane.configuration();
  }

  @Override
  public Plan plan() {
    Configuration configuration = configuration();
    List<MemberWay> all = MemberWay.all(configuration);
    List<PoolPlan> pools = new ArrayList<>();
    configuration
        .pools()
        .forEach((name, pool) ->
            pools.add(
                new PoolPlan(
                    name,
                    pool.members().values().stream()
                        .map(member ->
                            new MemberPlan(
                                member.name(), ready(to(all, name, member.name())).size()))
                        .toList())));
    List<ServerPlan> servers =
        configuration.virtualServers().values().stream()
            .map(server -> new ServerPlan(server.name(), configuration.poolsOf(server)))
            .toList();
    return new Plan(pools, servers);
  }

  @Override
  public Members members(String pool, @Nullable String member) {
    List<MemberWay> asked = to(MemberWay.all(configuration()), pool, member);
    if (asked.isEmpty()) {
      throw new BadQuestionException(
          "there is no %s; posthouse status lists pools and members"
              .formatted(member == null ? "pool " + pool : pool + "/" + member));
    }
    List<WalkedWay> walked =
        WALKERS.each(ready(asked), way -> way.ended(walk(way)), way -> way.ended(late()));
    return new Members(walked, MemberVerdicts.of(walked));
  }

  private static List<MemberWay> to(List<MemberWay> all, String pool, @Nullable String member) {
    return all.stream()
        .filter(way -> way.pool().name().equals(pool))
        .filter(way -> member == null || way.member().name().equals(member))
        .toList();
  }

  /** A way with what the machine says of it before it is tried. */
  private record Ready(
      MemberWay way,
      @Nullable InetSocketAddress member,
      @Nullable InetAddress source,
      Whereabouts at,
      String towards) {
    WalkedWay ended(Attempt attempt) {
      return new WalkedWay(way, source, at, towards, attempt);
    }

    Ready and(Ready other) {
      return new Ready(way.and(other.way), member, source, at, towards);
    }
  }

  /**
   * Where the kernel's choice is an address that is tried anyway, once is enough. Who has addresses
   * of both families, as for a member by its name, is only tried from one of the member's.
   */
  private Collection<Ready> ready(List<MemberWay> ways) {
    Map<String, Ready> distinct = new LinkedHashMap<>();
    for (MemberWay way : ways) {
      InetSocketAddress member = names.known(way.address());
      if (!reaches(way, member)
          && ways.stream().anyMatch(each -> each.isFor(way) && reaches(each, member))) {
        continue;
      }
      InetAddress own = way.from().address();
      InetAddress source =
          own != null || member == null ? own : machine.sourceTowards(member.getAddress());
      String towards =
          member == null ? "" : machine.interfaceTowards(member.getAddress()).orElse("");
      Whereabouts at = source == null ? Whereabouts.UNKNOWN : machine.where(source);
      String from = source == null ? "" : IpAddress.text(source);
      distinct.merge(
          way.path() + " " + way.address() + " " + from,
          new Ready(way, member, source, at, towards),
          Ready::and);
    }
    return distinct.values();
  }

  private static boolean reaches(MemberWay way, @Nullable InetSocketAddress member) {
    return member == null || way.from().reaches(member.getAddress() instanceof Inet6Address);
  }

  private static Attempt late() {
    return Attempt.none(End.NOT_TRIED, "%d s were over".formatted(LONGEST.toSeconds()));
  }

  private Attempt walk(Ready way) {
    InetSocketAddress member = way.member();
    try {
      if (member == null) {
        Endpoint address = way.way().address();
        member = new InetSocketAddress(names.resolve(address.host()), address.port());
      }
    } catch (UnknownHostException unknown) {
      return Attempt.none(End.UNKNOWN_NAME, String.valueOf(unknown.getMessage()));
    }
    return walk.walk(way.way(), member);
  }

  @Override
  public Vips server(String name) {
    VirtualServer server = configuration().virtualServers().get(name);
    if (server == null) {
      throw new BadQuestionException("there is no virtual server " + name);
    }
    List<Vip> vips =
        WALKERS.each(
            server.listen(),
            vip -> vip(server, vip),
            vip -> new Vip(vip, vip, Whereabouts.UNKNOWN, late()));
    return new Vips(vips, VipVerdicts.of(server, vips));
  }

  private Vip vip(VirtualServer server, Endpoint listen) {
    if (server.mode() == Mode.DSR) {
      return inKernel(server, listen);
    }
    Listener listener = reconciler.bound().get(listen);
    Endpoint bound = listener == null ? null : listener.address();
    InetAddress address = IpAddress.parse(listen.host()).orElse(null);
    boolean every = address == null || address.isAnyLocalAddress();
    InetAddress there = every ? AssumedLinks.LOOPBACK : address;
    Attempt attempt =
        bound == null || there == null
            ? null
            : walk.connect(new InetSocketAddress(there, bound.port()));
    Whereabouts at = every || address == null ? Whereabouts.UNKNOWN : machine.where(address);
    return new Vip(listen, bound, at, attempt);
  }

  /**
   * What this machine sends to a VIP of mode dsr does not take the way that clients' packets do.
   */
  private Vip inKernel(VirtualServer server, Endpoint listen) {
    boolean served = reconciler.dsr().listening(server).contains(listen);
    Whereabouts at = IpAddress.parse(listen.host()).map(machine::where).orElse(Whereabouts.UNKNOWN);
    return new Vip(listen, served ? listen : null, at, null);
  }
}
