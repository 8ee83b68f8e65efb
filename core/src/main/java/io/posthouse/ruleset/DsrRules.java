package io.posthouse.ruleset;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Mode dsr in the language of {@code nft}: a packet for a VIP goes out again to a member, with that
 * member's hardware address and otherwise as it came; the member answers the client itself.
 *
 * <p>There is one table of the family netdev, and one of the family inet of the same name, which
 * keeps this machine's own TCP from answering for a VIP. Every text here is one transaction: all of
 * it holds from one packet to the next, or nothing has changed. Tables and the chains where packets
 * enter are never made anew while they are there, since in between packets would get lost; the maps
 * that remember links stay through every change.
 */
public final class DsrRules {
  private static final int MOST_LINKS = 262_144;
  private static final int MOST_BEGINNING = 65_536;
  private final String table;

  private DsrRules(String table) {
    this.table = table;
  }

  /** Those of the Posthouse with this state directory: the same after a restart. */
  public static DsrRules of(String stateDirectory) {
    CRC32 sum = new CRC32();
    sum.update(stateDirectory.getBytes(StandardCharsets.UTF_8));
    return new DsrRules("posthouse_dsr_%08x".formatted(sum.getValue()));
  }

  /** The name of both tables. */
  public String table() {
    return table;
  }

  /**
   * Makes everything that is to be there, and removes what is not.
   *
   * @param before what is there; {@link DsrPlan#NONE} when that is not known
   */
  public String install(DsrPlan plan, DsrPlan before) {
    StringBuilder text = new StringBuilder();
    guard(text, plan.services().keySet());
    line(text, "add table netdev " + table);
    for (boolean ipv6 : new boolean[] {false, true}) {
      String ip = ipv6 ? "ip6" : "ip";
      String type = ipv6 ? "ipv6_addr" : "ipv4_addr";
      line(text, add("map", ip + "_of { type mark : " + type + "; }"));
      line(
          text,
          add("set", ip + "_counts { typeof " + ip + " daddr . tcp dport . meta mark; counter; }"));
      ends(text, ip);
      line(text, add("map", ip + "_services { type " + type + " . inet_service : verdict; }"));
    }
    plan.services().forEach((service, shares) -> declare(text, service, shares, before));
    plan.services().keySet().forEach(service -> rules(text, service));
    addresses(text, plan.members());
    entrances(text, plan.services().keySet());
    plan.services().forEach((service, shares) -> shares(text, service, shares));
    Set<Integer> stay =
        plan.services().keySet().stream().map(DsrService::number).collect(Collectors.toSet());
    before.devices().stream()
        .filter(device -> !plan.devices().contains(device))
        .forEach(device -> remove(text, "chain", chain(device)));
    before
        .services()
        .forEach((service, shares) -> {
          if (!stay.contains(service.number())) {
            remove(text, service.prefix());
          }
        });
    return text.toString();
  }

  /** Has members of a service get other shares; nothing else changes. */
  public String change(DsrService service, DsrShares shares) {
    StringBuilder text = new StringBuilder();
    shares(text, service, shares);
    return text.toString();
  }

  /**
   * Makes everything anew, whatever is there: for what another process has left, and for what is
   * not as we know it. The chain that keeps this machine from answering stays meanwhile.
   */
  public String renew(DsrPlan plan) {
    return "add table netdev %1$s%ndelete table netdev %1$s%n".formatted(table)
        + install(plan, DsrPlan.NONE);
  }

  /** Removes all, whether it is there or not. */
  public String remove() {
    return """
    add table netdev %1$s
    delete table netdev %1$s
    add table inet %1$s
    delete table inet %1$s
    """
        .formatted(table);
  }

  /** Whether in a listing of all chains every chain is there that packets enter by. */
  public boolean isWhole(String listing, DsrPlan plan) {
    return plan.devices().stream().allMatch(each -> has(listing, "netdev", chain(each)))
        && has(listing, "inet", "guard");
  }

  /** Whether in a listing of all chains there are any of ours. */
  public boolean isAny(String listing) {
    return listing.contains("table netdev " + table + " {");
  }

  private boolean has(String listing, String family, String chain) {
    int begin = listing.indexOf("table " + family + " " + table + " {");
    if (begin < 0) {
      return false;
    }
    int end = listing.indexOf("\ntable ", begin);
    String its = end < 0 ? listing.substring(begin) : listing.substring(begin, end);
    return its.contains("chain " + chain + " {");
  }

  private void guard(StringBuilder text, Set<DsrService> services) {
    line(text, "add table inet " + table);
    for (boolean ipv6 : new boolean[] {false, true}) {
      String vips = ipv6 ? "vips6" : "vips4";
      String type = ipv6 ? "ipv6_addr" : "ipv4_addr";
      line(text, "add set inet " + table + " " + vips + " { type " + type + " . inet_service; }");
      line(text, "flush set inet " + table + " " + vips);
      elements(
          text,
          "inet",
          vips,
          services.stream()
              .filter(each -> each.ipv6() == ipv6)
              .map(each -> each.vip().getHostAddress() + " . " + each.port())
              .toList());
    }
    line(
        text,
        "add chain inet "
            + table
            + " guard { type filter hook prerouting priority -310; policy accept; }");
    line(text, "flush chain inet " + table + " guard");
    for (String rule : List.of("ip daddr . tcp dport @vips4", "ip6 daddr . tcp dport @vips6")) {
      line(text, "add rule inet " + table + " guard iifname != \"lo\" " + rule + " counter drop");
    }
  }

  /** The chains in which packets end that go to no member; their marks say why. */
  private void ends(StringBuilder text, String ip) {
    for (String end : List.of("drop", "reset")) {
      String chain = ip + "_" + end;
      line(text, add("chain", chain));
      line(text, "flush chain netdev " + table + " " + chain);
      rule(text, chain, DsrCount.counting(ip));
      rule(text, chain, end.equals("drop") ? "drop" : "reject with tcp reset");
    }
  }

  private void declare(StringBuilder text, DsrService service, DsrShares shares, DsrPlan before) {
    String s = service.prefix();
    elements(
        text,
        "netdev",
        (service.ipv6() ? "ip6" : "ip") + "_counts",
        DsrCount.keys(service, shares.known()));
    String key = new DsrChains(service).keyType();
    line(text, add("map", s + "_slot { type mark : mark; }"));
    line(text, add("set", s + "_active { type mark; }"));
    line(text, add("set", s + "_dead { type mark; }"));
    line(text, add("map", dynamic(s + "_half", key, MOST_BEGINNING)));
    line(text, add("map", dynamic(s + "_conn", key, MOST_LINKS)));
    line(text, add("map", dynamic(s + "_late", key, MOST_BEGINNING)));
    line(text, add("map", dynamic(s + "_fin", key, MOST_BEGINNING)));
    String type = service.ipv6() ? "ipv6_addr" : "ipv4_addr";
    line(text, add("set", s + "_admitted { type " + type + "; flags interval; }"));
    line(
        text,
        add(
            "set",
            s
                + "_rate { type "
                + type
                + "; size "
                + MOST_BEGINNING
                + "; flags dynamic,timeout; timeout 10s; }"));
    line(text, "flush set netdev " + table + " " + s + "_rate"); // An element keeps its limit.
    boolean same =
        before.services().keySet().stream()
            .anyMatch(each ->
                each.number() == service.number()
                    && Objects.equals(each.admitted(), service.admitted()));
    if (same) {
      return; // Lists may be long.
    }
    line(text, "flush set netdev " + table + " " + s + "_admitted");
    if (service.admitted() != null) {
      elements(text, "netdev", s + "_admitted", service.admitted());
    }
  }

  private static String dynamic(String name, String key, int size) {
    return name + " { " + key + "; size " + size + "; flags dynamic,timeout; }";
  }

  private void rules(StringBuilder text, DsrService service) {
    Set<String> chains = DsrChains.names(service.prefix());
    chains.forEach(each -> line(text, add("chain", each)));
    chains.forEach(each -> line(text, "flush chain netdev " + table + " " + each));
    new DsrChains(service)
        .rules()
        .forEach(each -> line(text, "add rule netdev " + table + " " + each));
  }

  private void addresses(StringBuilder text, Map<Integer, InetAddress> members) {
    for (boolean ipv6 : new boolean[] {false, true}) {
      String name = ipv6 ? "ip6_of" : "ip_of";
      line(text, "flush map netdev " + table + " " + name);
      elements(
          text,
          "netdev",
          name,
          new TreeMap<>(members)
              .entrySet().stream()
                  .filter(each -> each.getValue() instanceof Inet6Address == ipv6)
                  .map(each -> each.getKey() + " : " + each.getValue().getHostAddress())
                  .toList());
    }
  }

  private void entrances(StringBuilder text, Set<DsrService> services) {
    for (boolean ipv6 : new boolean[] {false, true}) {
      String name = ipv6 ? "ip6_services" : "ip_services";
      line(text, "flush map netdev " + table + " " + name);
      elements(
          text,
          "netdev",
          name,
          services.stream()
              .filter(each -> each.ipv6() == ipv6)
              .map(each ->
                  each.vip().getHostAddress() + " . " + each.port() + " : goto " + each.prefix())
              .toList());
    }
    Map<String, List<DsrService>> byDevice =
        services.stream()
            .collect(Collectors.groupingBy(DsrService::device, TreeMap::new, Collectors.toList()));
    byDevice.forEach((device, its) -> {
      String chain = chain(device);
      line(
          text,
          add(
              "chain",
              chain
                  + " { type filter hook ingress device \""
                  + device
                  + "\" priority 0; policy accept; }"));
      line(text, "flush chain netdev " + table + " " + chain);
      rule(text, chain, "meta pkttype host ip protocol tcp ip daddr . tcp dport vmap @ip_services");
      rule(
          text,
          chain,
          "meta pkttype host ip6 nexthdr tcp ip6 daddr . tcp dport vmap @ip6_services");
      its.forEach(each -> rule(text, chain, new DsrChains(each).errors()));
    });
  }

  private void shares(StringBuilder text, DsrService service, DsrShares shares) {
    String s = service.prefix();
    line(text, "flush map netdev " + table + " " + s + "_slot");
    List<Integer> slots = shares.slots();
    elements(
        text,
        "netdev",
        s + "_slot",
        slots.isEmpty()
            ? List.of("* : 0")
            : IntStream.range(0, slots.size()).mapToObj(i -> i + " : " + slots.get(i)).toList());
    line(text, "flush set netdev " + table + " " + s + "_active");
    elements(text, "netdev", s + "_active", marks(shares.active()).map(String::valueOf).toList());
    line(text, "flush set netdev " + table + " " + s + "_dead");
    elements(text, "netdev", s + "_dead", marks(shares.cut()).map(String::valueOf).toList());
  }

  private static Stream<Integer> marks(Set<Integer> marks) {
    return marks.stream().sorted();
  }

  private void remove(StringBuilder text, String s) {
    List<String> chains = List.copyOf(DsrChains.names(s)).reversed();
    chains.forEach(each -> line(text, "flush chain netdev " + table + " " + each));
    chains.forEach(each -> line(text, "delete chain netdev " + table + " " + each));
    for (String map : List.of("_slot", "_half", "_conn", "_late", "_fin")) {
      line(text, "delete map netdev " + table + " " + s + map);
    }
    for (String set : List.of("_active", "_dead", "_admitted", "_rate")) {
      line(text, "delete set netdev " + table + " " + s + set);
    }
  }

  private void remove(StringBuilder text, String what, String name) {
    line(text, "flush " + what + " netdev " + table + " " + name);
    line(text, "delete " + what + " netdev " + table + " " + name);
  }

  private String add(String what, String rest) {
    return "add " + what + " netdev " + table + " " + rest;
  }

  private void rule(StringBuilder text, String chain, String rule) {
    line(text, "add rule netdev " + table + " " + chain + " " + rule);
  }

  private void elements(StringBuilder text, String family, String of, List<String> elements) {
    if (!elements.isEmpty()) {
      String all = String.join(", ", elements);
      line(text, "add element " + family + " " + table + " " + of + " { " + all + " }");
    }
  }

  /** A device's chain; its name may have characters that those of chains may not. */
  private static String chain(String device) {
    CRC32 sum = new CRC32();
    sum.update(device.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "in_%08x", sum.getValue());
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
