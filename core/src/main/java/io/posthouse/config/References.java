package io.posthouse.config;

import io.posthouse.model.Configuration;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the names by which one object uses another: they exist, and nothing is without use. */
final class References {
  private final Draft draft;
  private final Configuration configuration;
  private final Places places;
  private final Set<String> usedPools = new HashSet<>();
  private final Set<String> usedMonitors = new HashSet<>();
  private boolean dangling;

  private References(Draft draft) {
    this.draft = draft;
    this.configuration = draft.configuration();
    this.places = draft.places();
  }

  static void check(Draft draft) {
    References references = new References(draft);
    references.pools();
    references.monitors();
    references.unused();
  }

  private void pools() {
    for (VirtualServer server : configuration.virtualServers().values()) {
      String path = Places.path(Places.path("virtual-servers", server.name()), "pool");
      use(server.pool(), path, "pool", configuration.pools().keySet(), usedPools);
    }
  }

  private void monitors() {
    for (Pool pool : configuration.pools().values()) {
      String path = Places.path("pools", pool.name());
      monitors(pool.monitors(), Places.path(path, "monitors"));
      String members = Places.path(path, "members");
      for (Member member : pool.members().values()) {
        if (member.monitors() != null) {
          monitors(member.monitors(), Places.path(Places.path(members, member.name()), "monitors"));
        }
      }
      String least = Places.path(path, "min-active");
      if (places.good(least) && places.good(members) && pool.minActive() > pool.members().size()) {
        draft.warning(
            least,
            "the pool has "
                + pool.members().size()
                + " members, so every priority group is always in use; lower it to that or less");
      }
    }
  }

  private void monitors(List<String> names, String list) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String path = places.item(list, i);
      if (!seen.add(names.get(i)) && places.good(path)) {
        draft.error(
            path, "the monitor " + Words.quote(names.get(i)) + " is listed twice; remove one");
      }
      use(names.get(i), path, "monitor", configuration.monitors().keySet(), usedMonitors);
    }
  }

  private void use(
      String name, String path, String what, Collection<String> known, Set<String> used) {
    if (!places.good(path)) {
      dangling = true;
    } else if (known.contains(name)) {
      used.add(name);
    } else {
      dangling = true;
      draft.error(
          path, "there is no " + what + " " + Words.quote(name) + "; " + Words.remedy(name, known));
    }
  }

  /** Says nothing while some name leads nowhere: it may have meant the one without use. */
  private void unused() {
    if (dangling) {
      return;
    }
    unused("pools", "no virtual server uses this pool", configuration.pools().keySet(), usedPools);
    unused(
        "monitors",
        "no pool and no member uses this monitor",
        configuration.monitors().keySet(),
        usedMonitors);
  }

  private void unused(String section, String message, Set<String> names, Set<String> used) {
    for (String name : names) {
      if (!used.contains(name)) {
        draft.warningAtKey(Places.path(section, name), message + "; name it there or remove it");
      }
    }
  }
}
