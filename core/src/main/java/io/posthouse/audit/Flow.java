package io.posthouse.audit;

import io.posthouse.model.Announce;
import io.posthouse.model.ClientClass;
import io.posthouse.model.ClientClass.Demand;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.Rule;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Entry;
import io.posthouse.policy.ProbeSource;
import io.posthouse.policy.Source;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mail of the clients of one class through one virtual server: where it goes to, from which
 * addresses, and what keeps it from being relayed.
 *
 * <p>What rules choose is a flow of its own beside that of the class. Their conditions are not
 * asked: who knows what a client will say.
 *
 * @param from the class that its clients are of, by their address
 * @param of what they are treated as: the same, or the class that a rule chooses
 * @param source the addresses that members see
 * @param rules those that have to fire for it; none for what the class says
 */
record Flow(
    VirtualServer server,
    ClientClass from,
    ClientClass of,
    Pool pool,
    Source source,
    List<Rule> rules) {
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

  /** Copies the rules. */
  Flow {
    rules = List.copyOf(rules);
  }

  /** All of a configuration, but for classes that are never reached. */
  static List<Flow> all(Configuration configuration) {
    return configuration.virtualServers().values().stream()
        .flatMap(server -> new Flows(configuration, server).all().stream())
        .toList();
  }

  /** Whether the file has the class; else it is the one of everybody. */
  boolean named() {
    return server.classes() != null || isAnother();
  }

  /** Whether a rule chooses its class. */
  boolean isAnother() {
    return !of.equals(from);
  }

  /** How people call its class. */
  String className() {
    return named() ? of.name() : "everybody on " + server.name();
  }

  /** How people call its clients. */
  String clients() {
    return server.classes() == null ? "everybody on " + server.name() : from.name();
  }

  /** How people call it. */
  String label() {
    if (rules.isEmpty()) {
      return className();
    }
    String who = isAnother() ? clients() + " as " + className() : className();
    return who + byRules(rules);
  }

  /** The same with its virtual server. */
  String who() {
    String on = " on " + server.name();
    return label().endsWith(on) ? label() : label() + on;
  }

  /** Its class as the members know it, which do not ask whose clients are treated as it. */
  String ofMembers() {
    return of.name() + byRules(rules.stream().filter(each -> !each.choosesClass()).toList());
  }

  private static String byRules(List<Rule> rules) {
    String names = rules.stream().map(Rule::name).collect(Collectors.joining(" and "));
    return rules.isEmpty() ? "" : (rules.size() == 1 ? " by rule " : " by rules ") + names;
  }

  /** A key of its class, where there is none its virtual server; or what the rule does. */
  String key(String name) {
    if (rules.isEmpty()) {
      return classKey(name);
    }
    // A class is chosen first, a source address last.
    Rule rule = name.equals("snat") ? rules.getLast() : rules.getFirst();
    return KeyPath.of("rules", rule.name(), "then");
  }

  /** A key of its class; where there is none, its virtual server. */
  String classKey(String name) {
    return named()
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
    if (from.from().contains(ClientClass.ANY)) {
      return "from: any";
    }
    return anybody(from.from(), groups);
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

  /** Where it reaches a member; the class's own addresses are those of members of its pool. */
  Endpoint address(Member member) {
    boolean elsewhere = rules.stream().anyMatch(rule -> rule.then().pool() != null);
    return (elsewhere ? of.sentTo(pool.name(), null) : of).address(member);
  }

  /** Where it reaches members. */
  Set<Endpoint> targets() {
    Set<Endpoint> targets = new LinkedHashSet<>();
    for (Member member : pool.members().values()) {
      Endpoint target = address(member);
      targets.add(new Endpoint(target.host().toLowerCase(Locale.ROOT), target.port()));
    }
    return targets;
  }

  /** Where connections for it to a host leave from; nowhere of ours when it is transparent. */
  Stream<ProbeSource> ours(String host) {
    return switch (source) {
      case Source.Automap _ -> Stream.of(ProbeSource.AUTOMAP);
      case Source.Transparent _ -> Stream.of();
      case Source.Listed listed -> towards(listed, host).map(ProbeSource::new);
    };
  }

  private static Stream<InetAddress> towards(Source.Listed ours, String host) {
    Stream<InetAddress> ipv4 = IpAddress.isIpv6(host) ? Stream.of() : ours.ipv4().stream();
    Stream<InetAddress> ipv6 = IpAddress.isIpv4(host) ? Stream.of() : ours.ipv6().stream();
    return Stream.concat(ipv4, ipv6);
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
        Set<String> texts = new LinkedHashSet<>();
        towards(ours, member.host()).map(IpAddress::text).forEach(texts::add);
        yield texts;
      }
    };
  }
}
