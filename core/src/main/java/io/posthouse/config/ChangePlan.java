package io.posthouse.config;

import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must change to get from one configuration to another: a pure difference, in the order of the
 * files.
 *
 * @param open addresses that are listened on only afterwards
 * @param close addresses that are listened on only before
 * @param virtualServers by name; an address that moves between two is in neither open nor close
 * @param pools by name, their members aside
 * @param members by pool, for pools that are in both and whose members differ
 * @param monitors by name
 * @param dataGroups by name
 * @param snatPools by name
 * @param clientClasses by name
 * @param edgeChecks by name
 * @param rules by name
 * @param process keys outside all of these, such as {@code log.level}
 */
public record ChangePlan(
    Configuration running,
    Configuration desired,
    Set<Endpoint> open,
    Set<Endpoint> close,
    Changes virtualServers,
    Changes pools,
    Map<String, Changes> members,
    Changes monitors,
    Changes dataGroups,
    Changes snatPools,
    Changes clientClasses,
    Changes edgeChecks,
    Changes rules,
    List<KeyChange> process) {

  /** One key that differs; values are as in the file, {@code none} for an absent one. */
  public record KeyChange(String key, String before, String after) {
    /** The line for people. */
    @Override
    public String toString() {
      return key + " " + before + " -> " + after;
    }
  }

  /** The difference of objects with names. */
  public record Changes(
      List<String> added, List<String> removed, Map<String, List<KeyChange>> changed) {
    /** Whether nothing differs. */
    public boolean isEmpty() {
      return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
  }

  /** The plan that leads from {@code running} to {@code desired}. */
  public static ChangePlan between(Configuration running, Configuration desired) {
    Set<Endpoint> before = listeners(running);
    Set<Endpoint> after = listeners(desired);
    Map<String, Changes> members = new LinkedHashMap<>();
    desired
        .pools()
        .forEach((name, pool) -> {
          Pool old = running.pools().get(name);
          Changes changes = old == null ? null : Difference.of(old.members(), pool.members());
          if (changes != null && !changes.isEmpty()) {
            members.put(name, changes);
          }
        });
    return new ChangePlan(
        running,
        desired,
        without(after, before),
        without(before, after),
        Difference.of(running.virtualServers(), desired.virtualServers()),
        Difference.of(running.pools(), desired.pools()),
        members,
        Difference.of(running.monitors(), desired.monitors()),
        Difference.of(running.dataGroups(), desired.dataGroups()),
        Difference.of(running.snatPools(), desired.snatPools()),
        Difference.of(running.clientClasses(), desired.clientClasses()),
        Difference.of(running.edgeChecks(), desired.edgeChecks()),
        Difference.of(running.rules(), desired.rules()),
        Difference.keys(running, desired));
  }

  /** Whether both configurations are the same. */
  public boolean isEmpty() {
    return open.isEmpty()
        && close.isEmpty()
        && virtualServers.isEmpty()
        && pools.isEmpty()
        && members.isEmpty()
        && monitors.isEmpty()
        && dataGroups.isEmpty()
        && snatPools.isEmpty()
        && clientClasses.isEmpty()
        && edgeChecks.isEmpty()
        && rules.isEmpty()
        && process.isEmpty();
  }

  /** What changes, a line each, for people. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    process.forEach(change -> lines.add(change.toString()));
    describe(lines, "data group", dataGroups, Map.of());
    describe(lines, "SNAT pool", snatPools, Map.of());
    describe(lines, "client class", clientClasses, Map.of());
    describe(lines, "edge checks", edgeChecks, Map.of());
    describe(lines, "rule", rules, Map.of());
    describe(lines, "monitor", monitors, Map.of());
    describe(lines, "pool", pools, Map.of());
    members.forEach(
        (pool, changes) -> describe(lines, "pool " + pool + ": member", changes, addresses(pool)));
    describe(lines, "virtual server", virtualServers, Map.of());
    close.forEach(address -> lines.add("listening on " + address + " ends"));
    open.forEach(address -> lines.add("listening on " + address + " begins"));
    return lines;
  }

  private static void describe(
      List<String> lines, String what, Changes changes, Map<String, String> details) {
    changes.removed().forEach(name -> lines.add(what + " " + name + " removed"));
    changes
        .added()
        .forEach(name -> lines.add(what + " " + name + " added" + details.getOrDefault(name, "")));
    changes
        .changed()
        .forEach((name, keys) -> keys.forEach(key -> lines.add(what + " " + name + ": " + key)));
  }

  private Map<String, String> addresses(String pool) {
    Map<String, String> addresses = new LinkedHashMap<>();
    Pool after = desired.pools().get(pool);
    if (after != null) {
      after.members().forEach((name, member) -> addresses.put(name, " (" + member.address() + ")"));
    }
    return addresses;
  }

  private static Set<Endpoint> listeners(Configuration configuration) {
    Set<Endpoint> listeners = new LinkedHashSet<>();
    for (VirtualServer server : configuration.virtualServers().values()) {
      listeners.addAll(server.listen());
    }
    return listeners;
  }

  private static Set<Endpoint> without(Set<Endpoint> all, Set<Endpoint> others) {
    Set<Endpoint> rest = new LinkedHashSet<>(all);
    rest.removeAll(others);
    return rest;
  }
}
