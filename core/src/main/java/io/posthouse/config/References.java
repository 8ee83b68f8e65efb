package io.posthouse.config;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.DataGroup;
import io.posthouse.model.EdgeChecks;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction;
import io.posthouse.model.VirtualServer;
import io.posthouse.rules.RuleEngine.Group;
import io.posthouse.rules.RuleEngine.Reading;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the names by which one object uses another: they exist, and nothing is without use. */
final class References {
  private static final Set<String> RELAY_WORDS = Set.of("any", "server", "none");
  private static final Set<String> SNAT_WORDS = Set.of("automap", "none");

  private final Draft draft;
  private final Configuration configuration;
  private final Places places;
  private final Set<String> usedPools = new HashSet<>();
  private final Set<String> usedMonitors = new HashSet<>();
  private final Set<String> usedGroups = new HashSet<>();
  private final Set<String> usedSnatPools = new HashSet<>();
  private final Set<String> usedClasses = new HashSet<>();
  private final Set<String> usedEdgeChecks = new HashSet<>();
  private final Set<String> usedRules = new HashSet<>();
  private boolean dangling;

  private References(Draft draft) {
    this.draft = draft;
    this.configuration = draft.configuration();
    this.places = draft.places();
  }

  /**
   * Checks.
   *
   * @param conditions what conditions of rules name, by the names of the rules
   */
  static void check(Draft draft, Map<String, Reading> conditions) {
    References references = new References(draft);
    references.configuration.virtualServers().values().forEach(references::server);
    references.configuration.clientClasses().values().forEach(references::clientClass);
    references.configuration.edgeChecks().values().forEach(references::edgeChecks);
    references
        .configuration
        .rules()
        .values()
        .forEach(rule -> references.rule(rule, conditions.get(rule.name())));
    references.configuration.pools().values().forEach(references::pool);
    references.unused();
  }

  private void server(VirtualServer server) {
    String path = Places.path("virtual-servers", server.name());
    Set<String> pools = configuration.pools().keySet();
    use(server.pool(), Places.path(path, "pool"), "pool", pools, usedPools);
    list(
        Objects.requireNonNullElse(server.classes(), List.of()),
        Places.path(path, "classes"),
        "client class",
        configuration.clientClasses().keySet(),
        usedClasses);
    if (server.edgeChecks() != null) {
      Set<String> known = configuration.edgeChecks().keySet();
      String edge = Places.path(path, "edge-checks");
      use(server.edgeChecks(), edge, "edge checks", known, usedEdgeChecks);
    }
    Set<String> rules = configuration.rules().keySet();
    list(server.rules(), Places.path(path, "rules"), "rule", rules, usedRules);
    String believe = Places.path(path, "believe");
    addresses(server.believe().proxy(), Places.path(believe, "proxy"), Set.of());
    addresses(server.believe().xclient(), Places.path(believe, "xclient"), Set.of());
  }

  private void clientClass(ClientClass of) {
    String path = Places.path("client-classes", of.name());
    addresses(of.from(), Places.path(path, "from"), Set.of(ClientClass.ANY));
    relay(of.relay(), Places.path(path, "relay"));
    if (of.relayAfterAuth() != null) {
      relay(of.relayAfterAuth(), Places.path(path, "relay-after-auth"));
    }
    snat(of.snat(), Places.path(path, "snat"));
    if (of.pool() != null) {
      Set<String> pools = configuration.pools().keySet();
      use(of.pool(), Places.path(path, "pool"), "pool", pools, usedPools);
    }
  }

  /** To be exempt from checks is no use of a class: somebody must let its clients in. */
  private void edgeChecks(EdgeChecks of) {
    String exempt = Places.path(Places.path("edge-checks", of.name()), "exempt");
    Set<String> known = configuration.clientClasses().keySet();
    list(of.exempt(), exempt, "client class", known, new HashSet<>());
  }

  private void rule(Rule rule, @Nullable Reading condition) {
    String path = Places.path("rules", rule.name());
    Set<String> groups = configuration.dataGroups().keySet();
    if (condition == null || !condition.problems().isEmpty()) {
      dangling = true;
    } else {
      for (Group each : condition.groups()) {
        usedGroups.add(each.name());
        dangling |= !groups.contains(each.name()); // RuleChecks tells.
      }
    }
    String then = Places.path(path, "then");
    RuleAction action = rule.then();
    if (action.pool() != null) {
      Set<String> pools = configuration.pools().keySet();
      use(action.pool(), Places.path(then, "pool"), "pool", pools, usedPools);
    }
    if (action.snat() != null) {
      snat(action.snat(), Places.path(then, "snat"));
    }
    if (action.clientClass() != null) {
      Set<String> classes = configuration.clientClasses().keySet();
      String its = Places.path(then, "client-class");
      use(action.clientClass(), its, "client class", classes, usedClasses);
    }
  }

  private void relay(String right, String path) {
    if (!RELAY_WORDS.contains(right)) {
      group(right, path, DataGroup.Type.DOMAIN, RELAY_WORDS);
    }
  }

  private void snat(String snat, String path) {
    if (!places.written(path) || SNAT_WORDS.contains(snat)) {
      return;
    } else if (configuration.snatPools().containsKey(snat) || !snat.matches(".*[.:].*")) {
      Set<String> known = new LinkedHashSet<>(configuration.snatPools().keySet());
      known.addAll(SNAT_WORDS);
      use(snat, path, "SNAT pool", known, usedSnatPools);
    } else if (places.good(path)) {
      Optional<String> problem = GroupChecks.sourceProblem(snat);
      dangling |= problem.isPresent();
      problem.ifPresent(message -> draft.error(path, Words.quote(snat) + " " + message));
    }
  }

  private void pool(Pool pool) {
    String path = Places.path("pools", pool.name());
    Set<String> known = configuration.monitors().keySet();
    list(pool.monitors(), Places.path(path, "monitors"), "monitor", known, usedMonitors);
    String members = Places.path(path, "members");
    for (Member member : pool.members().values()) {
      if (member.monitors() != null) {
        String own = Places.path(Places.path(members, member.name()), "monitors");
        list(member.monitors(), own, "monitor", known, usedMonitors);
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
    if (pool.insideSenders() != null) {
      String inside = Places.path(path, "inside-senders");
      group(pool.insideSenders(), inside, DataGroup.Type.DOMAIN, Set.of());
    }
  }

  /** A list of data groups of addresses, or of a word that needs none. */
  private void addresses(List<String> names, String list, Set<String> words) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String path = places.item(list, i);
      once(names.get(i), path, "data group", seen);
      if (!words.contains(names.get(i))) {
        group(names.get(i), path, DataGroup.Type.ADDRESS, words);
      }
    }
  }

  /** A data group that must be of a type. */
  private void group(String name, String path, DataGroup.Type type, Set<String> words) {
    DataGroup group = configuration.dataGroups().get(name);
    if (group == null) {
      Set<String> known = new LinkedHashSet<>();
      configuration.dataGroups().values().stream()
          .filter(each -> each.type() == type)
          .forEach(each -> known.add(each.name()));
      known.addAll(words);
      use(name, path, "data group", known, usedGroups);
      return;
    }
    usedGroups.add(name);
    String its = Places.path(Places.path("data-groups", name), "type");
    if (group.type() != type && places.trusted(its) && places.good(path)) {
      dangling = true;
      draft.error(
          path,
          type == DataGroup.Type.DOMAIN
              ? "the data group " + Words.quote(name) + " holds addresses; name one of type: domain"
              : "the data group " + Words.quote(name) + " holds domains; name one of addresses");
    }
  }

  private void list(
      List<String> names, String list, String what, Set<String> known, Set<String> used) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String path = places.item(list, i);
      once(names.get(i), path, what, seen);
      use(names.get(i), path, what, known, used);
    }
  }

  private void once(String name, String path, String what, Set<String> seen) {
    if (!seen.add(name) && places.good(path)) {
      draft.error(path, "the " + what + " " + Words.quote(name) + " is listed twice; remove one");
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
    unused("data-groups", "nothing uses this data group", configuration.dataGroups(), usedGroups);
    unused("snat-pools", "no class uses this SNAT pool", configuration.snatPools(), usedSnatPools);
    unused(
        "client-classes",
        "no virtual server uses this class",
        configuration.clientClasses(),
        usedClasses);
    unused(
        "edge-checks",
        "no virtual server uses these edge checks",
        configuration.edgeChecks(),
        usedEdgeChecks);
    unused("rules", "no virtual server names this rule", configuration.rules(), usedRules);
    unused("pools", "no virtual server uses this pool", configuration.pools(), usedPools);
    unused(
        "monitors",
        "no pool and no member uses this monitor",
        configuration.monitors(),
        usedMonitors);
  }

  private void unused(String section, String message, Map<String, ?> all, Set<String> used) {
    for (String name : all.keySet()) {
      if (!used.contains(name)) {
        draft.warningAtKey(Places.path(section, name), message + "; name it there or remove it");
      }
    }
  }
}
