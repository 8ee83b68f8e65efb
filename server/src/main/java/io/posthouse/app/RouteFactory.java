package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.Route;
import io.posthouse.backend.RouteCounts;
import io.posthouse.backend.Routes;
import io.posthouse.door.Ticker;
import io.posthouse.health.InsideSenders;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Persistence;
import io.posthouse.model.VirtualServer;
import io.posthouse.persist.PersistenceTable;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.ClassTable;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.RelayGuard;
import io.posthouse.policy.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routes of a virtual server's client classes. What was counted and remembered stays, as
 * long as the names do: limits by class, everything else by virtual server and class.
 */
final class RouteFactory {
  private final Ticker ticker;
  private final Map<String, ClassBounds> bounds = new HashMap<>();
  private final Map<List<String>, RouteCounts> counts = new HashMap<>();
  private final Map<List<String>, PersistenceTable> tables = new HashMap<>();

  RouteFactory(Ticker ticker) {
    this.ticker = ticker;
  }

  Routes of(
      Configuration configuration,
      VirtualServer server,
      Map<String, BackendPool> pools,
      DataGroups groups) {
    ClassTable table = ClassTable.of(configuration, server, groups);
    List<Route> routes = new ArrayList<>();
    for (ClientClass each : table.classes()) {
      String name = each.pool() == null ? server.pool() : each.pool();
      BackendPool pool = pools.get(name);
      if (pool == null) {
        throw new AssertionError("unchecked pool " + name);
      }
      List<String> key = List.of(server.name(), each.name());
      routes.add(
          new Route(
              each,
              pool,
              table(key, persistence(server, each)),
              InsideSenders.of(pool.pool(), configuration.monitors(), groups),
              Source.of(each.snat(), configuration.snatPools()),
              RelayGuard.of(each, groups),
              bounds(server, each),
              counts.computeIfAbsent(key, _ -> new RouteCounts()),
              Route.targets(each)));
    }
    return new Routes(table, List.copyOf(routes));
  }

  private static @Nullable Persistence persistence(VirtualServer server, ClientClass of) {
    return of.persistence() == null ? server.persistence() : of.persistence().settings();
  }

  /** A class of the file has its limits wherever it is used. */
  private ClassBounds bounds(VirtualServer server, ClientClass of) {
    String name = server.classes() == null ? "" : of.name();
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
