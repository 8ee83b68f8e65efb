package io.posthouse.backend;

import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Source;
import io.posthouse.rules.Detour;
import io.posthouse.rules.RuleSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a virtual server, and where they may send its clients. Immutable, as its {@link
 * Routes}: another configuration, or another list, makes another.
 */
public final class RuleRoutes {
  private final RuleSet rules;
  private final DataGroups groups;
  private final Map<String, Route> classes;

  /** By the route of a class, which is only equal to itself, and by the name of the other pool. */
  private final IdentityHashMap<Route, Map<String, Route>> pools;

  private final Map<String, Source> sources;

  /**
   * The rules of a virtual server.
   *
   * @param groups what conditions look into
   * @param classes the routes of classes that rules choose, by name
   * @param pools the routes of all classes that lead to a pool that rules choose, by its name;
   *     never changed from now on
   * @param sources source addresses that rules choose, as the file names them
   */
  public RuleRoutes(
      RuleSet rules,
      DataGroups groups,
      Map<String, Route> classes,
      IdentityHashMap<Route, Map<String, Route>> pools,
      Map<String, Source> sources) {
    this.rules = rules;
    this.groups = groups;
    this.classes = Map.copyOf(classes);
    this.pools = pools;
    this.sources = Map.copyOf(sources);
  }

  /** The rules. */
  public RuleSet rules() {
    return rules;
  }

  /** What conditions look into. */
  public DataGroups groups() {
    return groups;
  }

  /** The routes of the classes that rules choose. */
  List<Route> classes() {
    return List.copyOf(classes.values());
  }

  /**
   * The route that a client takes.
   *
   * @param by that of the class of its address
   * @param detour what these rules chose
   */
  public Route take(Route by, Detour detour) {
    Route route = by;
    if (detour.clientClass() != null) {
      route = known(classes.get(detour.clientClass()));
    }
    if (detour.pool() != null) {
      route = known(known(pools.get(route)).get(detour.pool()));
    }
    return detour.snat() == null ? route : route.from(known(sources.get(detour.snat())));
  }

  private static <T> T known(@Nullable T named) {
    if (named == null) {
      throw new AssertionError("unchecked name in a rule");
    }
    return named;
  }
}
