package io.posthouse.audit;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Pool;
import io.posthouse.model.Rule;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.policy.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The flows through one virtual server: those of its classes, and those that its rules choose. */
final class Flows {
  /** With more of them, those that need a pool and a source address of rules are left out. */
  private static final int MOST = 1_000;

  private final Configuration configuration;
  private final VirtualServer server;

  /** Of rules that choose alike, the first. */
  private final Map<String, Rule> classes = new LinkedHashMap<>();

  private final Map<String, Rule> pools = new LinkedHashMap<>();
  private final Map<String, Rule> sources = new LinkedHashMap<>();
  private final List<Flow> flows = new ArrayList<>();

  Flows(Configuration configuration, VirtualServer server) {
    this.configuration = configuration;
    this.server = server;
    choosing(configuration, server)
        .forEach(rule -> {
          putFirst(classes, rule.then().clientClass(), rule);
          putFirst(pools, rule.then().pool(), rule);
          putFirst(sources, rule.then().snat(), rule);
        });
  }

  private static void putFirst(Map<String, Rule> rules, @Nullable String chosen, Rule rule) {
    if (chosen != null) {
      rules.putIfAbsent(chosen, rule);
    }
  }

  /** The rules of a virtual server that choose where work goes, or whose it is. */
  static Stream<Rule> choosing(Configuration configuration, VirtualServer server) {
    return configuration.rulesOf(server).stream().filter(rule -> !rule.dryRun() && rule.chooses());
  }

  List<Flow> all() {
    for (ClientClass each : reached()) {
      as(each, each, List.of());
      classes.forEach((name, rule) -> {
        ClientClass other = named(name);
        if (!other.equals(each)) {
          as(each, other, List.of(rule));
        }
      });
    }
    return flows;
  }

  /** Its classes, but for those behind one of everybody. */
  private List<ClientClass> reached() {
    List<String> names = server.classes();
    if (names == null) {
      return List.of(ClientClass.everybody());
    }
    List<ClientClass> reached = new ArrayList<>();
    for (String name : names) {
      reached.add(named(name));
      if (named(name).from().contains(ClientClass.ANY)) {
        break;
      }
    }
    return reached;
  }

  private ClientClass named(String name) {
    ClientClass named = configuration.clientClasses().get(name);
    if (named == null) {
      throw new AssertionError("unchecked class " + name);
    }
    return named;
  }

  /** Clients of a class that are treated as one: by that class, and by rules on top of it. */
  private void as(ClientClass from, ClientClass of, List<Rule> rules) {
    Pool pool = pool(of.pool() == null ? server.pool() : of.pool());
    Source source = source(server.mode() == Mode.DSR ? "none" : of.snat());
    add(from, of, pool, source, rules);
    pools.forEach((name, rule) -> add(from, of, pool(name), source, with(rules, rule)));
    sources.forEach((snat, rule) -> add(from, of, pool, source(snat), with(rules, rule)));
    pools.forEach((name, one) ->
        sources.forEach((snat, other) -> {
          if (flows.size() < MOST) {
            add(from, of, pool(name), source(snat), with(with(rules, one), other));
          }
        }));
  }

  private void add(ClientClass from, ClientClass of, Pool pool, Source source, List<Rule> rules) {
    flows.add(new Flow(server, from, of, pool, source, rules));
  }

  private Pool pool(String name) {
    Pool pool = configuration.pools().get(name);
    if (pool == null) {
      throw new AssertionError("unchecked pool " + name);
    }
    return pool;
  }

  private Source source(String snat) {
    return Source.of(snat, configuration.snatPools());
  }

  private static List<Rule> with(List<Rule> rules, Rule another) {
    List<Rule> both = new ArrayList<>(rules);
    both.add(another);
    return both;
  }
}
