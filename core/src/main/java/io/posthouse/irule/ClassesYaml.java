package io.posthouse.irule;

import io.posthouse.irule.BigipNames.AddressList;
import io.posthouse.irule.BigipNames.Holds;
import io.posthouse.irule.BigipNames.Virtual;
import io.posthouse.irule.Who.Source;
import io.posthouse.model.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes decisions as data groups, SNAT pools, client classes and rules of Posthouse. */
final class ClassesYaml {
  /** Words with a meaning of their own in Posthouse or in YAML. */
  private static final Set<String> WORDS =
      Set.of(
          "any", "server", "none", "automap", "true", "false", "yes", "no", "on", "off", "null",
          "y", "n");

  private static final int LONGEST_CONDITION = 2_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,59}");

  private final BigipNames names;
  private final String rule;
  private final Map<String, String> groupOf = new LinkedHashMap<>();
  private final Map<String, String> pathOf = new LinkedHashMap<>();
  private final Map<String, List<String>> groups = new LinkedHashMap<>();
  private final Set<String> toFill = new LinkedHashSet<>();
  private final Map<String, List<String>> snatPools = new LinkedHashMap<>();
  private final Set<String> snatPoolsToAdd = new TreeSet<>();
  private final Set<String> pools = new TreeSet<>();
  private final Set<String> classNames = new LinkedHashSet<>();
  private final List<String> classes = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();

  private ClassesYaml(BigipNames names, String rule) {
    this.names = names;
    this.rule = rule;
  }

  /**
   * The configuration.
   *
   * @param rule the name of the rule; empty when it has none
   * @param lists the paths of the lists that the rule uses, and where
   */
  static List<String> of(
      List<Decision> decisions, Map<String, Integer> lists, BigipNames names, String rule)
      throws NotUnderstoodException {
    ClassesYaml yaml = new ClassesYaml(names, rule);
    for (Map.Entry<String, Integer> list : lists.entrySet()) {
      yaml.list(list.getKey(), list.getValue());
    }
    for (Decision decision : decisions) {
      yaml.decision(decision);
    }
    if (yaml.classNames.isEmpty()) {
      throw new NotUnderstoodException(
          decisions.getFirst().at(), "it lets nobody in, so there is no class to write");
    }
    return yaml.lines();
  }

  /** A data group of the file, or one that is to be filled. */
  private void list(String path, int at) throws NotUnderstoodException {
    AddressList list = names.list(path);
    String name = name("list", path, at);
    if (names.lacksList(path)) {
      throw new NotUnderstoodException(at, "the list is not in this file");
    } else if (list != null && list.holds() != Holds.ADDRESSES) {
      throw new NotUnderstoodException(at, "the list is not known to be one of addresses");
    } else if (list != null && list.entries() == null && !list.elsewhere()) {
      throw new NotUnderstoodException(
          at, "the list has an entry that is no address or network, such as one of a route domain");
    }
    groupOf.put(path, name);
    List<String> entries = list == null ? null : list.entries();
    groups.put(name, entries == null ? List.of() : entries);
    if (entries == null) {
      toFill.add(name);
    }
  }

  /** The last part of a path, where that can be a name and is nobody else's. */
  private String name(String kind, String path, int at) throws NotUnderstoodException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (!NAME.matcher(name).matches() || WORDS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new NotUnderstoodException(
          at, Findings.quote(name) + " can be no name in Posthouse; rename it");
    }
    String other = pathOf.putIfAbsent(kind + " " + name, path);
    if (other != null && !other.equals(path)) {
      throw new NotUnderstoodException(
          at, Findings.quote(name) + " is in two partitions; rename one");
    }
    return name;
  }

  private void decision(Decision decision) throws NotUnderstoodException {
    Who who = decision.who();
    List<String> from = who.everybody() ? List.of("any") : groups(who.sources());
    if (!decision.outcome().refused()) {
      refusals.addAll(waiting);
      waiting.clear();
      clientClass(from, decision);
    } else if (!who.everybody()) {
      waiting.add(refusal(from, decision.at()));
    }
  }

  private List<String> groups(Set<Source> sources) {
    List<String> from = new ArrayList<>();
    List<String> networks = new ArrayList<>();
    for (Source source : sources) {
      if (source.list()) {
        from.add(Objects.requireNonNull(groupOf.get(source.text())));
      } else {
        networks.add(source.text());
      }
    }
    if (!networks.isEmpty()) {
      String name = free("addresses", groups.keySet());
      groups.put(name, networks);
      from.add(name);
    }
    return from;
  }

  /** Whoever is in these lists, and in no class before. */
  private String refusal(List<String> from, int at) throws NotUnderstoodException {
    String listed =
        from.stream()
            .map(each -> "client.inGroup(\"" + each + "\")")
            .collect(Collectors.joining(" || "));
    String earlier =
        classNames.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", "));
    String when =
        classNames.isEmpty() ? listed : "(" + listed + ") && !(client.class in [" + earlier + "])";
    if (when.length() > LONGEST_CONDITION) {
      throw new NotUnderstoodException(at, "too many lists decide whether a client is refused");
    }
    return "{ at: connect, when: '" + when + "', then: close }";
  }

  private void clientClass(List<String> from, Decision decision) throws NotUnderstoodException {
    String base = from.equals(List.of("any")) ? "everybody-else" : from.getFirst();
    String name = free(base, classNames);
    classNames.add(name);
    String source = decision.outcome().snat();
    String said = source != null ? source : ofVirtualServer(decision.at());
    String snat = said.startsWith("/") ? snatPool(said, decision.at()) : said;
    classes.add("  " + name + ":");
    classes.add("    from: [" + String.join(", ", from) + "]");
    classes.add("    relay: server    # the members decide, as with the rule: narrow it");
    classes.add("    snat: " + quoted(snat));
    String pool = decision.outcome().pool();
    if (pool != null) {
      if (names.lacksPool(pool)) {
        throw new NotUnderstoodException(decision.at(), "the pool is not in this file");
      }
      String poolName = name("pool", pool, decision.at());
      pools.add(poolName);
      classes.add("    pool: " + poolName);
    }
  }

  /** Where the rule is silent, the virtual server says whether there is SNAT. */
  private String ofVirtualServer(int at) throws NotUnderstoodException {
    Set<String> said = new LinkedHashSet<>();
    for (Virtual each : names.virtualsOf(rule)) {
      said.add(each.snat() == null ? "" : each.snat());
    }
    String one = said.size() == 1 ? said.iterator().next() : "";
    if (!one.equals("automap") && !one.equals("none") && !one.startsWith("/")) {
      throw new NotUnderstoodException(
          at,
          "the rule does not say the source address here, so that the virtual server's holds, which this file "
              + (said.size() > 1 ? "has in several ways" : "does not say")
              + "; write snat automap, snat none or an address");
    }
    return one;
  }

  private String snatPool(String path, int at) throws NotUnderstoodException {
    String name = name("SNAT pool", path, at);
    List<String> addresses = names.snatPools().get(path);
    if (names.lacksSnatPool(path)) {
      throw new NotUnderstoodException(at, "the SNAT pool is not in this file");
    } else if (names.hasSnatPool(path) && addresses == null) {
      throw new NotUnderstoodException(at, "the SNAT pool has a member that is no address");
    } else if (addresses == null) {
      snatPoolsToAdd.add(name);
    } else {
      snatPools.put(name, addresses);
    }
    return name;
  }

  private static String free(String base, Set<String> taken) {
    String name = base;
    for (int i = 2; taken.contains(name); i++) {
      name = base + "-" + i;
    }
    return name;
  }

  private static String quoted(String text) {
    return IpAddress.isIpv6(text.replaceFirst("/.*", "")) ? "\"" + text + "\"" : text;
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("# Beside pools and a virtual server that says:");
    lines.add("#   classes: [" + String.join(", ", classNames) + "]");
    if (!refusals.isEmpty()) {
      lines.add("#   rules: [" + String.join(", ", refusalNames()) + "]");
    }
    if (!pools.isEmpty()) {
      lines.add("# Pools that it needs: " + String.join(", ", pools));
    }
    if (!snatPoolsToAdd.isEmpty()) {
      lines.add("# SNAT pools that it needs: " + String.join(", ", snatPoolsToAdd));
    }
    names.virtualsOf(rule).stream()
        .filter(each -> each.rules().size() > 1)
        .findFirst()
        .ifPresent(
            each -> lines.add("# Its virtual server has other rules, too: theirs is not in here."));
    lines.add(
        "# OPEN RELAY: relay: server lets the members decide by the address that they see. If they let");
    lines.add(
        "# that of snat relay, so may every client of the class: write a domain list, none, or any for");
    lines.add("# those that you trust; posthouse audit says what is open.");
    section(lines, "data-groups:", groupLines());
    section(lines, "snat-pools:", snatLines());
    section(lines, "client-classes:", classes);
    List<String> ruleLines = new ArrayList<>();
    for (int i = 0; i < refusals.size(); i++) {
      ruleLines.add("  " + refusalNames().get(i) + ": " + refusals.get(i));
    }
    section(lines, "rules:", ruleLines);
    return lines;
  }

  private List<String> refusalNames() {
    List<String> all = new ArrayList<>();
    for (int i = 1; i <= refusals.size(); i++) {
      all.add("refused-" + i);
    }
    return all;
  }

  private static void section(List<String> lines, String key, List<String> values) {
    if (!values.isEmpty()) {
      lines.add(key);
      lines.addAll(values);
    }
  }

  private List<String> groupLines() {
    List<String> lines = new ArrayList<>();
    groups.forEach((name, entries) -> {
      if (toFill.contains(name)) {
        lines.add(
            "  " + name + ": { file: " + name + ".txt }    # its entries are not here: one a line");
      } else {
        lines.addAll(listLines(name, entries));
      }
    });
    return lines;
  }

  private List<String> snatLines() {
    List<String> lines = new ArrayList<>();
    snatPools.forEach((name, addresses) -> lines.addAll(listLines(name, addresses)));
    return lines;
  }

  private static List<String> listLines(String name, List<String> entries) {
    List<String> lines = new ArrayList<>();
    if (entries.size() <= 4) {
      String all = entries.stream().map(ClassesYaml::quoted).collect(Collectors.joining(", "));
      lines.add("  " + name + ": [" + all + "]");
    } else {
      lines.add("  " + name + ":");
      entries.forEach(each -> lines.add("    - " + quoted(each)));
    }
    return lines;
  }
}
