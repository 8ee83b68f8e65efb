package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.Route;
import io.posthouse.backend.RouteCounts;
import io.posthouse.backend.Routes;
import io.posthouse.backend.RuleRoutes;
import io.posthouse.door.Ticker;
import io.posthouse.health.InsideSenders;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Persistence;
import io.posthouse.model.RuleAction;
import io.posthouse.model.VirtualServer;
import io.posthouse.persist.PersistenceTable;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.ClassTable;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.RelayGuard;
import io.posthouse.policy.Source;
import io.posthouse.rules.LiveRule;
import io.posthouse.rules.RuleSet;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routes of a virtual server's client classes. What was counted and remembered stays, as
 * long as the names do: limits by class, everything else by virtual server and class.
 */
final class RouteFactory {
  private final Ticker ticker;
  private final InstantSource clock;
  private final RuleFactory rules = new RuleFactory();
  private final Map<String, ClassBounds> bounds = new HashMap<>();
  private final Map<List<String>, RouteCounts> counts = new HashMap<>();
  private final Map<List<String>, PersistenceTable> tables = new HashMap<>();

  RouteFactory(Ticker ticker, InstantSource clock) {
    this.ticker = ticker;
    this.clock = clock;
  }

  Routes of(
      Configuration configuration,
      VirtualServer server,
      Map<String, BackendPool> pools,
      DataGroups groups) {
    ClassTable table = ClassTable.of(configuration, server, groups);
    Making making = new Making(configuration, server, pools, groups);
    List<Route> routes =
        table.classes().stream()
            .map(each -> route(making, each, server.classes() != null))
            .toList();
    return new Routes(table, routes, rules(making, routes));
  }

  /** What the routes of one virtual server are made of. */
  private record Making(
      Configuration configuration,
      VirtualServer server,
      Map<String, BackendPool> pools,
      DataGroups groups) {

    BackendPool pool(String name) {
      BackendPool pool = pools.get(name);
      if (pool == null) {
        throw new AssertionError("unchecked pool " + name);
      }
      return pool;
    }

    InsideSenders inside(BackendPool pool) {
      return InsideSenders.of(pool.pool(), configuration.monitors(), groups);
    }
  }

  /**
   * The route of a class.
   *
   * @param named whether the class stands in the file
   */
  private Route route(Making of, ClientClass each, boolean named) {
    BackendPool pool = of.pool(each.pool() == null ? of.server().pool() : each.pool());
    List<String> key = List.of(of.server().name(), each.name());
    return new Route(
        each,
        pool,
        table(key, persistence(of.server(), each)),
        of.inside(pool),
        Source.of(each.snat(), of.configuration().snatPools()),
        RelayGuard.of(each, of.groups()),
        bounds(named ? each.name() : "", each),
        counts.computeIfAbsent(key, _ -> new RouteCounts(clock.instant())),
        Route.targets(each));
  }

  /** What rules make of the routes; null where there are no rules. */
  private @Nullable RuleRoutes rules(Making of, List<Route> routes) {
    RuleSet rules = this.rules.of(of.configuration(), of.server());
    if (rules.all().isEmpty()) {
      return null;
    }
    Map<String, Route> classes = new HashMap<>();
    Map<String, Source> sources = new HashMap<>();
    Set<String> others = new HashSet<>();
    for (LiveRule each : rules.all()) {
      RuleAction then = each.rule().then();
      if (then.clientClass() != null) {
        ClientClass chosen = of.configuration().clientClasses().get(then.clientClass());
        if (chosen == null) {
          throw new AssertionError("unchecked class " + then.clientClass());
        }
        classes.put(chosen.name(), route(of, chosen, true));
      }
      if (then.snat() != null) {
        sources.put(then.snat(), Source.of(then.snat(), of.configuration().snatPools()));
      }
      if (then.pool() != null) {
        others.add(then.pool());
      }
    }
    IdentityHashMap<Route, Map<String, Route>> pools = new IdentityHashMap<>();
    Stream.concat(routes.stream(), classes.values().stream())
        .forEach(each -> pools.put(each, toPools(of, each, others)));
    return new RuleRoutes(rules, of.groups(), classes, pools, sources);
  }

  private Map<String, Route> toPools(Making of, Route from, Set<String> names) {
    Map<String, Route> routes = new HashMap<>();
    for (String name : names) {
      BackendPool pool = of.pool(name);
      List<String> key = List.of(of.server().name(), from.settings().name(), name);
      PersistenceTable table = table(key, persistence(of.server(), from.settings()));
      routes.put(name, from.to(pool, table, of.inside(pool)));
    }
    return routes;
  }

  private static @Nullable Persistence persistence(VirtualServer server, ClientClass of) {
    return of.persistence() == null ? server.persistence() : of.persistence().settings();
  }

  /** A class of the file has its limits wherever it is used. */
  private ClassBounds bounds(String name, ClientClass of) {
    ClassBounds its = bounds.computeIfAbsent(name, _ -> new ClassBounds(of.limits()));
    its.limits(of.limits());
    return its;
  }

  /** Keeps what is remembered as long as the settings are the same. */
  private @Nullable PersistenceTable table(List<String> key, @Nullable Persistence settings) {
    PersistenceTable old = tables.get(key);
    if (settings == null) {
      tables.remove(key);
      return null;
    } else if (old != null && old.settings().equals(settings)) {
      return old;
    }
    PersistenceTable fresh = new PersistenceTable(settings, ticker::nanos);
    tables.put(key, fresh);
    return fresh;
  }
}
