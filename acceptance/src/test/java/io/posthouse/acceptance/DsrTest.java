package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Mode dsr on one Ethernet: the balancer .2 with the VIPs .100 and fd77::100, servers .21 to .23,
 * and clients in one network namespace, .10 to .19.
 */
@ExtendWith(LabExtension.class)
final class DsrTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String VIP = "10.77.0.100";
  private static final String VIP6 = "fd77::100";
  private static final String PORT = "2525";
  private static final List<String> SERVERS = List.of("mx1", "mx2", "mx3");

  private Lab lab;

  private Segment segment;
  private NetworkNamespace balancer;
  private NetworkNamespace clients;
  private final Map<String, NetworkNamespace> servers = new TreeMap<>();

  @BeforeEach
  void begin(Lab given) {
    lab = given;
    segment = new Segment(lab);
    balancer = segment.host(2);
    clients = segment.host(10);
    for (int i = 11; i < 20; i++) {
      clients.ip("addr add 10.77.0." + i + "/24 dev eth0");
      clients.ip("addr add fd77::" + i + "/64 dev eth0 nodad");
    }
    for (String name : SERVERS) {
      NetworkNamespace server = segment.host(number(name));
      servers.put(name, server);
      server.set("net.ipv4.conf.all.arp_ignore", "1");
      server.set("net.ipv4.conf.all.arp_announce", "2");
      server.ip("addr add " + VIP + "/32 dev lo");
      server.ip("addr add " + VIP6 + "/128 dev lo nodad preferred_lft 0");
      serve(server, name, PORT, "0");
    }
  }

  @Test
  void membersSeeTheClientAndGetTheirShares() {
    Posthouse posthouse = ready(text("weight: 3", "relay: server, from: any"));
    Map<String, Integer> seen = sessions(VIP, 900, 20, 0, 0, "10.77.0.10", "10.77.0.11");
    assertThat(failures(seen)).isEmpty();
    assertThat(seen.keySet()).hasSize(6).allMatch(each -> each.matches(".*10\\.77\\.0\\.1[01]"));
    // 3 of 5, of 900: 540, and four standard deviations of 15.
    assertThat(of("mx1", seen)).isBetween(480, 600);
    assertThat(of("mx2", seen)).isBetween(120, 240);

    Map<String, Integer> seen6 = sessions(VIP6, 100, 20, 0, 0, "fd77::10", "fd77::11");
    assertThat(failures(seen6)).isEmpty();
    assertThat(seen6.keySet())
        .hasSize(6)
        .allMatch(each -> each.matches(".*fd77:0:0:0:0:0:0:1[01]"));
    assertThat(posthouse.log(" error ")).isEmpty();
  }

  @Test
  void aClientOfNoClassIsRefusedAtOnce() {
    ready(text("weight: 1", "relay: server, from: [ours]"));
    assertThat(sessions(VIP, 10, 1, 0, 0, "10.77.0.10"))
        .allSatisfy((what, times) -> assertThat(what).startsWith("220 "));
    Map<String, Integer> refused = sessions(VIP, 3, 1, 0, 0, "10.77.0.17");
    assertThat(refused).containsExactly(Map.entry("failed: Connection refused", 3));
  }

  @Test
  void changesOfMembersDoNotDisturbALink() throws Exception {
    Posthouse posthouse = ready(text("weight: 2", "relay: server, from: any"));
    CompletableFuture<Map<String, Integer>> load =
        CompletableFuture.supplyAsync(
            () -> sessions(VIP, 1500, 60, 20, 25, "10.77.0.10", "10.77.0.12"));
    CompletableFuture<Map<String, Integer>> load6 =
        CompletableFuture.supplyAsync(() -> sessions(VIP6, 1000, 40, 20, 25, "fd77::10"));
    int changes = 0;
    while (!load.isDone() || !load6.isDone()) {
      String member = SERVERS.get(changes % 3);
      posthouse.command("drain", "hub/" + member).good();
      posthouse.command("enable", "hub/" + member).good();
      posthouse.write(text("weight: " + (1 + changes % 5), "relay: server, from: any"));
      posthouse.hangUp();
      changes++;
    }
    assertThat(changes).isGreaterThan(1);
    assertThat(failures(load.get())).isEmpty();
    assertThat(failures(load6.get())).isEmpty();
    assertThat(posthouse.log(" error ")).isEmpty();
  }

  @Test
  void aDrainedMemberKeepsItsLinksAndGetsNoMore() {
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    CompletableFuture<Map<String, Integer>> held =
        CompletableFuture.supplyAsync(() -> sessions(VIP, 30, 30, 100, 50, "10.77.0.10"));
    await("links are open").atMost(PATIENCE).until(() -> made() >= 30);
    posthouse.command("drain", "hub/mx2").good();
    assertThat(of("mx2", sessions(VIP, 200, 10, 0, 0, "10.77.0.11"))).isZero();
    Map<String, Integer> ended = held.join();
    assertThat(failures(ended)).isEmpty();
    assertThat(of("mx2", ended)).isPositive();
  }

  @Test
  void aDisabledMembersLinksAreCutWhenItsGraceIsOver() {
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    CompletableFuture<Map<String, Integer>> held =
        CompletableFuture.supplyAsync(() -> sessions(VIP, 30, 30, 200, 50, "10.77.0.10"));
    await("links are open").atMost(PATIENCE).until(() -> made() >= 30);
    posthouse.command("disable", "hub/mx2").good();
    Map<String, Integer> ended = held.join();
    assertThat(failures(ended)).hasSize(1);
    assertThat(ended).containsKey("failed: Connection reset");
    assertThat(of("mx2", ended)).isZero();
    assertThat(of("mx1", ended)).isPositive();
  }

  @Test
  void aMemberThatDiesIsLeftOutAndWithNoneLeftClientsAreRefused() {
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    server("mx1").ip("link set eth0 down");
    await("it is down")
        .atMost(PATIENCE)
        .until(
            () -> posthouse.command("status").out().matches("(?s).*mx1\\s+\\S+\\s+\\S+\\s+down.*"));
    assertThat(failures(sessions(VIP, 100, 10, 0, 0, "10.77.0.10"))).isEmpty();
    posthouse.command("drain", "hub/mx2").good();
    posthouse.command("drain", "hub/mx3").good();
    assertThat(sessions(VIP, 3, 1, 0, 0, "10.77.0.10"))
        .containsExactly(Map.entry("failed: Connection refused", 3));
  }

  @Test
  void routersTellTheRightServerThatItsPacketsAreTooBig() {
    NetworkNamespace router = segment.host(1);
    NetworkNamespace far = NetworkNamespace.of(lab);
    router.linkTo(far, 1);
    router.ip("link set eth1 mtu 1300");
    router.set("net.ipv4.ip_forward", "1");
    router.set("net.ipv6.conf.all.forwarding", "1");
    far.ip("route add default via 10.1.0.1");
    far.ip("-6 route add default via fd00:1::1");
    List<NetworkNamespace> behind = new ArrayList<>(servers.values());
    behind.add(balancer);
    for (NetworkNamespace each : behind) {
      each.ip("route add default via 10.77.0.1");
      each.ip("-6 route add default via fd77::1");
    }
    servers.forEach((name, server) -> serve(server, name, "2526", "60000"));
    // No probe takes so long a greeting.
    String text =
        text("weight: 1", "relay: server, from: any")
            .replace("2525", "2526")
            .replace("type: smtp, depth: banner", "type: tcp");
    Posthouse posthouse = ready(text);
    for (String vip : List.of(VIP, VIP6)) {
      String source = vip.equals(VIP) ? "10.1.0.2" : "fd00:1::2";
      // A server remembers the size for a destination: the first link of each has to learn it.
      Map<String, Integer> seen = sessions(far, vip, "2526", 30, 10, 0, 0, source);
      assertThat(failures(seen)).isEmpty();
      assertThat(seen).hasSize(3);
    }
    String rules = "list table netdev " + table();
    assertThat(packets(rules, "icmp type")).isPositive();
    assertThat(packets(rules, "icmpv6 type")).isPositive();
    assertThat(posthouse.log(" error ")).isEmpty();
  }

  @Test
  void afterAKillLinksGoOnAndAStopLeavesNothing() {
    String before = everything();
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    CompletableFuture<Map<String, Integer>> held =
        CompletableFuture.supplyAsync(() -> sessions(VIP, 30, 30, 150, 60, "10.77.0.10"));
    await("links are open").atMost(PATIENCE).until(() -> made() >= 30);
    stop(posthouse, "KILL");
    assertThat(failures(sessions(VIP, 50, 10, 0, 0, "10.77.0.11"))).isEmpty();
    restart(posthouse);
    assertThat(failures(held.join())).isEmpty();
    stop(posthouse, "TERM");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void whatOthersRemoveIsThereAgainWithinSeconds() {
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    balancer.nft("flush ruleset");
    await("rules are told").atMost(PATIENCE).until(() -> posthouse.log("were gone").size() == 1);
    assertThat(failures(sessions(VIP, 50, 10, 0, 0, "10.77.0.10"))).isEmpty();
    balancer.ip("addr del " + VIP + "/32 dev eth0");
    await("addresses are told")
        .atMost(PATIENCE)
        .until(() -> posthouse.log("were gone").size() == 2);
    assertThat(failures(sessions(VIP, 50, 10, 0, 0, "10.77.0.10"))).isEmpty();
  }

  @Test
  void aDeviceThatIsMadeAnewIsServedAgain() {
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    segment.unplug(2);
    await("it is told")
        .atMost(PATIENCE)
        .until(() -> !posthouse.log("VS is not served: this machine has no device").isEmpty());
    segment.plug(balancer, 2);
    await("the address is there")
        .atMost(PATIENCE)
        .until(() -> balancer.run("ip", "address", "show", "dev", "eth0").out().contains(VIP));
    assertThat(failures(sessions(VIP, 50, 10, 0, 0, "10.77.0.10"))).isEmpty();
    assertThat(failures(sessions(VIP6, 50, 10, 0, 0, "fd77::10"))).isEmpty();
  }

  @Test
  void anAddressAndTablesOfOthersStay() {
    balancer.nft("add table inet filter");
    balancer.ip("addr add " + VIP + "/32 dev eth0");
    String before = everything();
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    stop(posthouse, "TERM");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aServerWithoutTheVipIsTold() {
    Posthouse posthouse = ready(text("weight: 1", "relay: server, from: any"));
    server("mx3").ip("addr del " + VIP + "/32 dev lo");
    CompletableFuture<Map<String, Integer>> some =
        CompletableFuture.supplyAsync(() -> sessions(VIP, 60, 60, 0, 0, "10.77.0.10"));
    await("it is told")
        .atMost(PATIENCE)
        .until(() -> !posthouse.log("clients do not get a member's answers").isEmpty());
    assertThat(posthouse.log("clients do not get a member's answers"))
        .singleElement()
        .asString()
        .contains("member=hub/mx3", "posthouse dsr check");
    assertThat(of("mx3", some.join())).isZero();
  }

  private String text(String ofFirst, String ofClass) {
    return """
    version: 1
    hostname: balancer.acceptance.test
    admin: { listen: 127.0.0.1:8025 }
    data-groups: { ours: [10.77.0.8/29, "fd77::/64"] }
    monitors: { alive: { type: smtp, depth: banner, interval: 1s, timeout: 1s, fall: 2 } }
    pools:
      hub:
        monitors: [alive]
        disable-deadline: 2s
        members:
          mx1: { address: "10.77.0.21:2525", %s }
          mx2: "10.77.0.22:2525"
          mx3: "10.77.0.23:2525"
      hub6:
        monitors: [alive]
        members:
          mx1: { address: "[fd77::21]:2525", %s }
          mx2: "[fd77::22]:2525"
          mx3: "[fd77::23]:2525"
    client-classes:
      some: { %s }
    virtual-servers:
      VS: { mode: dsr, pool: hub, listen: "10.77.0.100:2525", classes: [some] }
      VS6: { mode: dsr, pool: hub6, listen: "[fd77::100]:2525", classes: [some] }
    """
        .formatted(ofFirst, ofFirst, ofClass);
  }

  private Posthouse ready(String text) {
    Posthouse posthouse =
        lab.keep(
            new Posthouse(
                Lab.repository().resolve("posthouse"),
                lab.folder("posthouse"),
                new Config(),
                balancer.command(List.of())));
    posthouse.write(text);
    posthouse.startedElsewhere();
    await("members are up")
        .atMost(PATIENCE)
        .until(() -> posthouse.command("status").out().split("\\bup\\b", -1).length > 6);
    return posthouse;
  }

  private static void stop(Posthouse posthouse, String signal) {
    posthouse.daemon().signal(signal);
    await("it ends").atMost(PATIENCE).until(() -> !posthouse.daemon().isAlive());
  }

  private static void restart(Posthouse posthouse) {
    int before = posthouse.log("Posthouse is ready").size();
    posthouse.start();
    await("it is ready again")
        .atMost(PATIENCE)
        .until(() -> posthouse.log("Posthouse is ready").size() > before);
  }

  /** Links made so far through the first virtual server, as the kernel has counted them. */
  private long made() {
    return packets("list set netdev " + table() + " ip_counts", "0x0002\\w{4} counter ");
  }

  private String table() {
    return balancer
        .run("nft", "list", "tables", "netdev")
        .out()
        .replaceAll("(?s).*(posthouse_dsr_\\w+).*", "$1");
  }

  private long packets(String command, String before) {
    return Pattern.compile(before + ".*?packets (\\d+)")
        .matcher(balancer.run("nft", command).out())
        .results()
        .mapToLong(each -> Long.parseLong(each.group(1)))
        .sum();
  }

  private void serve(NetworkNamespace server, String name, String port, String pad) {
    lab.daemon(
        name + "-" + port,
        server.javaCommand(GreetingServer.class, name, port, pad).toArray(String[]::new));
    server.awaitServer(Integer.parseInt(port));
  }

  private Map<String, Integer> sessions(
      String to, int sessions, int atOnce, int lines, int pause, String... sources) {
    return sessions(clients, to, PORT, sessions, atOnce, lines, pause, sources);
  }

  private static Map<String, Integer> sessions(
      NetworkNamespace from,
      String to,
      String port,
      int sessions,
      int atOnce,
      int lines,
      int pause,
      String... sources) {
    List<String> words = new ArrayList<>(List.of(to, port));
    for (int each : new int[] {sessions, atOnce, lines, pause}) {
      words.add(String.valueOf(each));
    }
    words.addAll(List.of(sources));
    Map<String, Integer> seen = new TreeMap<>();
    from.java(GreetedClients.class, words.toArray(String[]::new))
        .good()
        .out()
        .lines()
        .forEach(line -> {
          int times = line.lastIndexOf(' ');
          seen.put(line.substring(0, times), Integer.parseInt(line.substring(times + 1)));
        });
    return seen;
  }

  private static Map<String, Integer> failures(Map<String, Integer> seen) {
    Map<String, Integer> failures = new TreeMap<>(seen);
    failures.keySet().removeIf(each -> each.startsWith("220 "));
    return failures;
  }

  private static int of(String server, Map<String, Integer> seen) {
    return seen.entrySet().stream()
        .filter(each -> each.getKey().startsWith("220 " + server + " "))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private NetworkNamespace server(String name) {
    return servers.computeIfAbsent(
        name,
        missing -> {
          throw new AssertionError(missing);
        });
  }

  private static int number(String server) {
    return 20 + server.charAt(2) - '0';
  }

  private String everything() {
    return balancer.run("nft", "list", "ruleset").good().out()
        + balancer.run("ip", "-o", "address", "show", "dev", "eth0").good().out();
  }
}
