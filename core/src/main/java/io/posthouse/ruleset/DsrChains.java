package io.posthouse.ruleset;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The chains of one service, in the language of {@code nft}. The family netdev sees packets before
 * the kernel's own TCP does, and has no connection tracking: so the member of a link is remembered
 * in maps that forget by themselves.
 *
 * <ul>
 *   <li>{@code half}: a SYN was passed on, and the client has not answered yet;
 *   <li>{@code conn}: a link, from its client's first ACK on, so that SYNs alone fill nothing else;
 *       numbers in ACKs are not looked at, so who sends both fills it;
 *   <li>{@code late}: a link of which nothing is known, after a restart or a take-over by another
 *       machine, so that ACKs out of nowhere fill nothing else;
 *   <li>{@code fin}: either side has said that it ends; what is still to be acknowledged passes.
 * </ul>
 *
 * <p>A packet of a link that is in none of them goes where the hash says, which is where it went
 * before unless members have changed since.
 *
 * <p>What has no member is dropped where it may be a moment's matter, since the client's system
 * sends it again, and reset where it is for good. Each {@code update} has a rule of its own: where
 * a map is full it ends its rule, and the packet goes on by the hash.
 */
final class DsrChains {
  private static final String RULES =
      """
      {s} tcp flags & (fin | syn | rst | ack) == syn goto {s}_syn
      {s} tcp flags & syn == syn meta mark set {LOST} goto {ip}_drop
      {s} meta mark set {key} map @{s}_conn goto {s}_known
      {s} meta mark set {key} map @{s}_half goto {s}_first
      {s} meta mark set {key} map @{s}_fin goto {s}_closing
      {s} meta mark set {key} map @{s}_late goto {s}_adopted
      {s} {denied} meta mark set {DENIED} goto {ip}_drop
      {s} meta mark set {hash} meta mark set meta mark map @{s}_slot goto {s}_adopt
      {s} meta mark set {LOST} goto {ip}_drop
      {s}_syn {denied} meta mark set {DENIED} goto {ip}_reset
      {s}_syn {often} meta mark set {LIMITED} goto {ip}_drop
      {s}_syn meta mark set {key} map @{s}_half meta mark @{s}_active goto {s}_out
      {s}_syn meta mark set {key} map @{s}_conn meta mark @{s}_active goto {s}_out
      {s}_syn meta mark set {hash} meta mark set meta mark map @{s}_slot goto {s}_new
      {s}_syn meta mark set {LOST} goto {ip}_drop
      {s}_new meta mark 0 meta mark set {REFUSED} goto {ip}_reset
      {s}_new delete @{s}_fin { {key} : meta mark }
      {s}_new delete @{s}_conn { {key} : meta mark }
      {s}_new delete @{s}_late { {key} : meta mark }
      {s}_new delete @{s}_half { {key} : meta mark }
      {s}_new update @{s}_half { {key} timeout 60s : meta mark }
      {s}_new meta mark set meta mark | {BEGUN}
      {s}_new {count}
      {s}_new meta mark set meta mark & {MEMBER}
      {s}_new goto {s}_out
      {s}_first tcp flags & rst != 0x0 goto {s}_out
      {s}_first update @{s}_conn { {key} timeout {idle}s : meta mark }
      {s}_first meta mark set {key} map @{s}_conn goto {s}_made
      {s}_first update @{s}_half { {key} timeout 60s : meta mark }
      {s}_first goto {s}_out
      {s}_made delete @{s}_half { {key} : meta mark }
      {s}_made meta mark set meta mark | {MADE}
      {s}_made {count}
      {s}_made meta mark set meta mark & {MEMBER}
      {s}_made tcp flags & fin != 0x0 goto {s}_close
      {s}_made goto {s}_out
      {s}_adopt meta mark 0 meta mark set {LOST} goto {ip}_drop
      {s}_adopt update @{s}_late { {key} timeout {idle}s : meta mark }
      {s}_adopt goto {s}_out
      {s}_adopted meta mark @{s}_dead goto {s}_cut
      {s}_adopted tcp flags & (fin | rst) != 0x0 goto {s}_close
      {s}_adopted update @{s}_late { {key} timeout {idle}s : meta mark }
      {s}_adopted goto {s}_out
      {s}_known meta mark @{s}_dead goto {s}_cut
      {s}_known tcp flags & (fin | rst) != 0x0 goto {s}_close
      {s}_known update @{s}_conn { {key} timeout {idle}s : meta mark }
      {s}_known goto {s}_out
      {s}_cut delete @{s}_conn { {key} : meta mark }
      {s}_cut delete @{s}_late { {key} : meta mark }
      {s}_cut delete @{s}_fin { {key} : meta mark }
      {s}_cut meta mark set {CUT} goto {ip}_reset
      {s}_close update @{s}_fin { {key} timeout 60s : meta mark }
      {s}_close delete @{s}_conn { {key} : meta mark }
      {s}_close delete @{s}_late { {key} : meta mark }
      {s}_close goto {s}_out
      {s}_closing meta mark @{s}_dead goto {s}_cut
      {s}_closing update @{s}_fin { {key} timeout 60s : meta mark }
      {s}_closing goto {s}_out
      {s}_out {count}
      {s}_out fwd {ip} to meta mark map @{ip}_of device "{device}"
      """;

  /** The first is where packets enter; a chain stands before all that lead to it. */
  private static final List<String> NAMES =
      List.of(
          "_out",
          "_cut",
          "_closing",
          "_close",
          "_known",
          "_adopted",
          "_adopt",
          "_made",
          "_first",
          "_new",
          "_syn");

  private final DsrService service;

  DsrChains(DsrService service) {
    this.service = service;
  }

  /** Their names, each before those that lead to it. */
  static Set<String> names(String prefix) {
    Set<String> names = new LinkedHashSet<>();
    NAMES.forEach(each -> names.add(prefix + each));
    names.add(prefix);
    return names;
  }

  /** A rule a line, each behind the name of its chain. */
  List<String> rules() {
    List<String> rules = new ArrayList<>();
    for (String line : RULES.lines().toList()) {
      boolean idle =
          (line.contains("{denied}") && service.admitted() == null)
              || (line.contains("{often}") && service.newLinksPerClient() == 0);
      if (!idle) {
        rules.add(filled(line));
      }
    }
    return rules;
  }

  /**
   * The rules for errors that routers send to the VIP about packets of members, "too big" above all
   * (RFC 1191, RFC 8201): without them a member would send what never arrives. They hold the begin
   * of the packet that they are about, and so the client's address and port, by which the hash
   * finds the member. What was moved to another one since is not known here.
   *
   * <p>An inner IPv4 header with options is not looked into.
   */
  String errors() {
    String text =
        service.ipv6()
            ? """
            meta pkttype host ip6 nexthdr icmpv6 ip6 daddr {vip} icmpv6 type { destination-unreachable, packet-too-big, \
            time-exceeded, parameter-problem } @th,384,16 {port} limit rate 1000/second meta mark set \
            jhash {inner} mod {slots} seed 0x5eed meta mark set meta mark map @{s}_slot \
            counter fwd {ip} to meta mark map @{ip}_of device "{device}"\
            """
            : """
            meta pkttype host ip protocol icmp ip daddr {vip} icmp type { destination-unreachable, time-exceeded, \
            parameter-problem } @th,224,16 {port} limit rate 1000/second meta mark set \
            jhash {inner} mod {slots} seed 0x5eed meta mark set meta mark map @{s}_slot \
            counter fwd {ip} to meta mark map @{ip}_of device "{device}"\
            """;
    String address = service.ipv6() ? "@th,256,128" : "@th,192,32";
    String port = service.ipv6() ? "@th,400,16" : "@th,240,16";
    return filled(
        text.replace("{inner}", service.bySource() ? address : address + " . " + port)
            .replace("{vip}", service.vip().getHostAddress())
            .replace("{port}", String.valueOf(service.port())));
  }

  /**
   * What tells links apart. The key of a map that rules change may have 16 octets in nft 1.0.6, so
   * of an IPv6 address the last 96 bits are taken; two clients that are equal in them and in their
   * port would share a member, and nothing else.
   */
  private String key() {
    return service.ipv6() ? "@nh,96,96 . tcp sport" : "ip saddr . tcp sport";
  }

  /** The type of such a map. */
  String keyType() {
    return service.ipv6()
        ? "typeof @nh,96,96 . tcp sport : meta mark"
        : "type ipv4_addr . inet_service : mark";
  }

  private String filled(String line) {
    String ip = service.ipv6() ? "ip6" : "ip";
    String source = ip + " saddr";
    String hashed = service.bySource() ? source : source + " . tcp sport";
    int often = service.newLinksPerClient();
    String text = line;
    for (DsrCount each : DsrCount.values()) {
      text = text.replace("{" + each.name() + "}", each.code());
    }
    return text.replace("{count}", DsrCount.counting(ip))
        .replace("{MEMBER}", DsrCount.MEMBER)
        .replace("{denied}", source + " != @{s}_admitted")
        .replace(
            "{often}",
            "update @{s}_rate { %s limit rate over %d/second burst %d packets }"
                .formatted(
                    service.ipv6() ? source + " & ffff:ffff:ffff:ffff::" : source, often, often))
        .replace("{hash}", "jhash " + hashed + " mod {slots} seed 0x5eed")
        .replace("{slots}", String.valueOf(DsrShares.SLOTS))
        .replace("{key}", key())
        .replace("{idle}", String.valueOf(service.idle().toSeconds()))
        .replace("{device}", service.device())
        .replace("{ip}", ip)
        .replace("{s}", service.prefix());
  }
}
