package io.posthouse.policy;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Rule;
import io.posthouse.model.SnatPool;
import io.posthouse.model.VirtualServer;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From where a pool's members are reached by the clients whose links come to it, and are therefore
 * asked.
 *
 * <p>A transparent class leaves from its clients' addresses, which are not ours to use without a
 * client: it counts as the kernel's choice.
 *
 * @param all each once, in the order of the file; at least one
 */
public record PoolSources(List<ProbeSource> all) {
  /** The kernel's choice alone. */
  public static final PoolSources AUTOMAP = new PoolSources(List.of(ProbeSource.AUTOMAP));

  /** Those of every pool; a pool that no client comes to has the kernel's choice. */
  public static Map<String, PoolSources> of(Configuration configuration) {
    Map<String, Set<ProbeSource>> found = new LinkedHashMap<>();
    for (VirtualServer server : configuration.virtualServers().values()) {
      for (ClientClass each : classes(configuration, server)) {
        String pool = each.pool() == null ? server.pool() : each.pool();
        add(configuration, found, pool, each.snat());
      }
      rules(configuration, server, found);
    }
    Map<String, PoolSources> pools = new LinkedHashMap<>();
    configuration.pools().keySet().forEach(pool -> pools.put(pool, AUTOMAP));
    found.forEach((pool, its) -> pools.put(pool, new PoolSources(List.copyOf(its))));
    return pools;
  }

  private static void add(
      Configuration configuration, Map<String, Set<ProbeSource>> to, String pool, String snat) {
    Set<ProbeSource> its = to.computeIfAbsent(pool, _ -> new LinkedHashSet<>());
    sources(snat, configuration.snatPools()).forEach(its::add);
  }

  /** A rule may send any client to its pool, and any client to any pool from its address. */
  private static void rules(
      Configuration configuration, VirtualServer server, Map<String, Set<ProbeSource>> to) {
    for (Rule rule : configuration.rulesOf(server)) {
      String pool = rule.then().pool();
      String snat = rule.then().snat();
      if (pool != null) {
        classes(configuration, server).forEach(of -> add(configuration, to, pool, of.snat()));
      }
      if (snat != null) {
        configuration.poolsOf(server).forEach(of -> add(configuration, to, of, snat));
      }
    }
  }

  private static List<ClientClass> classes(Configuration configuration, VirtualServer server) {
    Stream<ClientClass> named =
        configuration.classesOf(server).stream().map(configuration.clientClasses()::get);
    return server.classes() == null
        ? Stream.concat(Stream.of(ClientClass.everybody()), named).toList()
        : named.toList();
  }

  private static Stream<ProbeSource> sources(String snat, Map<String, SnatPool> pools) {
    return switch (Source.of(snat, pools)) {
      case Source.Automap _, Source.Transparent _ -> Stream.of(ProbeSource.AUTOMAP);
      case Source.Listed listed -> {
        Stream<InetAddress> both = Stream.concat(listed.ipv4().stream(), listed.ipv6().stream());
        yield both.map(ProbeSource::new);
      }
    };
  }

  /**
   * Those that reach a member: of its family where the host is an address, all where it is a name,
   * whose family nobody knows yet. The kernel's choice where none does.
   */
  public List<ProbeSource> towards(String host) {
    boolean ipv6 = IpAddress.isIpv6(host);
    if (!ipv6 && !IpAddress.isIpv4(host)) {
      return all;
    }
    List<ProbeSource> fit = all.stream().filter(source -> source.reaches(ipv6)).toList();
    return fit.isEmpty() ? AUTOMAP.all : fit;
  }
}
