package io.posthouse.audit;

import io.posthouse.model.Announce;
import io.posthouse.model.ClientClass;
import io.posthouse.model.ClientClass.Demand;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.SnatPool;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Entry;
import io.posthouse.policy.Source;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The mail of one client class through one virtual server: where it goes to, from which addresses,
 * and what keeps it from being relayed.
 *
 * @param named whether the file has the class; else it is the one of everybody
 * @param source the addresses that members see
 */
record Flow(VirtualServer server, ClientClass of, boolean named, Pool pool, Source source) {
  /** What the kernel chooses where nobody knows it. */
  static final String AUTOMAP = "the kernel's choice (automap)";

  /** What stands between its clients and relaying, when they have not logged in. */
  enum Right {
    /** Nothing: the class may send to anybody. */
    ANYBODY,
    /** The members, who do not see the client if they see our address. */
    MEMBERS,
    /** Posthouse refuses foreign recipients, or whoever has not logged in. */
    GUARDED
  }

  /** All of a configuration, but for classes that are never reached. */
  static List<Flow> all(Configuration configuration) {
    List<Flow> flows = new ArrayList<>();
    for (VirtualServer server : configuration.virtualServers().values()) {
      List<String> names = server.classes();
      if (names == null) {
        flows.add(of(configuration, server, ClientClass.everybody(), false));
        continue;
      }
      for (String name : names) {
        ClientClass each = configuration.clientClasses().get(name);
        if (each == null) {
          throw new AssertionError("unchecked class " + name);
        }
        flows.add(of(configuration, server, each, true));
        if (each.from().contains(ClientClass.ANY)) {
          break;
        }
      }
    }
    return flows;
  }

  private static Flow of(
      Configuration configuration, VirtualServer server, ClientClass of, boolean named) {
    Map<String, SnatPool> snatPools = configuration.snatPools();
    String name = of.pool() == null ? server.pool() : of.pool();
    Pool pool = configuration.pools().get(name);
    if (pool == null) {
      throw new AssertionError("unchecked pool " + name);
    }
    return new Flow(server, of, named, pool, Source.of(of.snat(), snatPools));
  }

  /** How people call it. */
  String label() {
    return named ? of.name() : "everybody on " + server.name();
  }

  /** A key of its class; where there is none, its virtual server. */
  String key(String name) {
    return named
        ? KeyPath.of("client-classes", of.name(), name)
        : KeyPath.of("virtual-servers", server.name());
  }

  /** Whether it reads recipients. */
  boolean isSmtp() {
    return server.mode() == Mode.SMTP;
  }

  Right right() {
    if (isSmtp() && of.auth() == Demand.REQUIRED) {
      return Right.GUARDED;
    }
    return switch (of.relay()) {
      case "any" -> Right.ANYBODY;
      case "server" -> Right.MEMBERS;
      default -> isSmtp() ? Right.GUARDED : Right.MEMBERS;
    };
  }

  /** Whether the class says which recipients it may send to, and nobody holds it to that. */
  boolean isUnenforced() {
    return !isSmtp() && !of.relay().equals("any") && !of.relay().equals("server");
  }

  /**
   * By what it lets anybody in: the word {@code any}, or an entry that is as good as that; empty
   * when it is for those in its lists.
   */
  String anybody(DataGroups groups) {
    if (of.from().contains(ClientClass.ANY)) {
      return "from: any";
    }
    return anybody(of.from(), groups);
  }

  /** An entry of some lists that is as good as everybody, and where it stands; empty for none. */
  static String anybody(List<String> lists, DataGroups groups) {
    for (String name : lists) {
      Entry wide = groups.addresses(name).wide();
      if (wide != null) {
        return "%s in %s, %s".formatted(wide.text(), name, wide.place());
      }
    }
    return "";
  }

  /** Whether members know the client only by an address of ours. */
  boolean isMasked() {
    Announce announce = pool.announce();
    return !(source instanceof Source.Transparent)
        && !announce.isProxy()
        && announce != Announce.XCLIENT;
  }

  /** Where it reaches members. */
  Set<Endpoint> targets() {
    Set<Endpoint> targets = new LinkedHashSet<>();
    for (Member member : pool.members().values()) {
      Endpoint target = of.address(member);
      targets.add(new Endpoint(target.host().toLowerCase(Locale.ROOT), target.port()));
    }
    return targets;
  }

  /** The addresses of ours that a member sees, as text; none when it sees the client's. */
  Set<String> sources(Endpoint member, KernelChoice kernel) {
    return switch (source) {
      case Source.Transparent _ -> Set.of();
      case Source.Automap _ ->
          Set.of(
              IpAddress.parse(member.host())
                  .map(kernel::towards)
                  .map(IpAddress::text)
                  .orElse(AUTOMAP));
      case Source.Listed ours -> {
        boolean ipv6 = IpAddress.isIpv6(member.host());
        boolean ipv4 = IpAddress.isIpv4(member.host());
        Set<String> texts = new LinkedHashSet<>();
        Stream<InetAddress> both =
            Stream.concat(
                ipv6 ? Stream.of() : ours.ipv4().stream(),
                ipv4 ? Stream.of() : ours.ipv6().stream());
        both.map(IpAddress::text).forEach(texts::add);
        yield texts;
      }
    };
  }
}
