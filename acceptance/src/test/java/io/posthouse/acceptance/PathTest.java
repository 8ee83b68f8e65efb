package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The VIP times out although members answer directly: real Postfixes in networks of their own, each
 * with one of the usual causes. 10.99.0.1 is the source address of the clients' class.
 */
@ExtendWith(LabExtension.class)
final class PathTest {
  private static final String SNAT = "10.99.0.1";
  private static final String STANDBY = "10.1.0.77";

  private Lab lab;
  private NetworkNamespace balancer;
  private NetworkNamespace first;
  private NetworkNamespace second;
  private NetworkNamespace third;

  @BeforeEach
  void begin(Lab given) {
    lab = given;
    balancer = NetworkNamespace.of(lab);
    first = NetworkNamespace.of(lab);
    second = NetworkNamespace.of(lab);
    third = NetworkNamespace.of(lab);
    balancer.linkTo(first, 1);
    balancer.linkTo(second, 2);
    balancer.linkTo(third, 3);
    balancer.address(SNAT);
    first.ip("route add " + SNAT + " via 10.1.0.1");
    third.ip("route add " + SNAT + " via 10.3.0.1");
  }

  private Posthouse posthouse(Config config) {
    return lab.in(balancer)
        .posthouse(
            config.mode("smtp").clientClass("all", "from: any, relay: server, snat: " + SNAT));
  }

  @Test
  void eachCauseIsNamedAndAfterTheRepairThereIsSilence() {
    Postfix well = lab.in(first).postfix("well");
    Postfix stopped = lab.in(first).postfix("stopped");
    Postfix noWayBack = lab.in(second).postfix("no-way-back");
    Postfix dropped = lab.in(third).postfix("dropped");
    third.nft("add table inet f; add chain inet f in { type filter hook input priority 0; }");
    third.nft("add rule inet f in tcp dport %d drop".formatted(dropped.port()));
    stopped.abort();
    balancer.set("net.ipv4.ip_nonlocal_bind", "1");
    int port = Ports.free();
    Posthouse posthouse =
        posthouse(
            new Config()
                .listen("10.1.0.1:" + port)
                .member("mx1", "10.1.0.2:" + well.port())
                .member("mx2", "10.2.0.2:" + noWayBack.port())
                .member("mx3", "10.3.0.2:" + dropped.port())
                .member("mx4", "10.1.0.2:" + stopped.port())
                .furtherServer(
                    "STANDBY",
                    "pool: hub, classes: [all], listen: \"%s:%d\"".formatted(STANDBY, port)));

    Commands.Ended found = posthouse.command("path");
    assertThat(found.exit()).as(found.toString()).isEqualTo(1);
    assertThat(findings(found))
        .containsExactly(
            "vip-elsewhere: STANDBY at %s:%d".formatted(STANDBY, port),
            "no-answer: hub/mx3 at 10.3.0.2:%d from 10.3.0.1, %s".formatted(dropped.port(), SNAT),
            "no-way-back: hub/mx2 at 10.2.0.2:%d from %s".formatted(noWayBack.port(), SNAT),
            "refused: hub/mx4 at 10.1.0.2:%d from 10.1.0.1, %s".formatted(stopped.port(), SNAT));
    assertThat(found.out())
        .contains(
            "while connections from 10.2.0.1 are answered", "the member's way back to " + SNAT)
        .contains("220 well.acceptance.test ESMTP Postfix");

    second.ip("route add " + SNAT + " via 10.2.0.1");
    third.nft("flush ruleset");
    stopped.startAgain();
    balancer.address(STANDBY);
    Commands.Ended silent = posthouse.command("path");
    assertThat(silent.exit()).as(silent.toString()).isZero();
    assertThat(silent.out()).contains("nothing found");

    // One connection for each address, never a message, and nothing that Postfix minds.
    for (Postfix each : List.of(well, noWayBack, dropped, stopped)) {
      await("sessions are over").atMost(Duration.ofSeconds(10)).until(each::isIdle);
      assertThat(each.complaints()).isEmpty();
      assertThat(each.log()).noneMatch(line -> line.contains(" mail="));
    }
    assertThat(connects(well)).containsExactly("10.1.0.1", "10.1.0.1", SNAT, SNAT);
    assertThat(connects(noWayBack)).containsExactly("10.2.0.1", "10.2.0.1", SNAT);
  }

  /** What firewalls do beside dropping all, and a source address that is not here. */
  @Test
  void aFirewallThatSortsByAddressALostSynAndAnAddressThatIsElsewhereAreNamed() {
    Postfix sorted = lab.in(first).postfix("sorted");
    Postfix lossy = lab.in(third).postfix("lossy");
    first.nft("add table inet f; add chain inet f in { type filter hook input priority 0; }");
    first.nft(
        "add rule inet f in ip saddr %s tcp dport %d reject with tcp reset"
            .formatted(SNAT, sorted.port()));
    third.nft("add table inet f; add chain inet f in { type filter hook input priority 0; }");
    third.nft(
        "add rule inet f in ip saddr 10.3.0.1 tcp flags syn / fin,syn,rst,ack numgen inc mod 2 == 0 drop");
    Posthouse posthouse =
        posthouse(
            new Config()
                .listen("10.1.0.1:" + Ports.free())
                .member("mx1", "10.1.0.2:" + sorted.port())
                .member("mx2", "10.3.0.2:" + lossy.port()));
    Commands.Ended found = posthouse.command("path");
    assertThat(findings(found))
        .containsExactly(
            "rejected: hub/mx1 at 10.1.0.2:%d from %s".formatted(sorted.port(), SNAT),
            "slow: hub/mx2 at 10.3.0.2:%d from 10.3.0.1".formatted(lossy.port()));
    assertThat(found.out())
        .contains("while those from 10.1.0.1 are taken")
        .containsPattern("It took 1[.][0-9] s to connect");

    first.nft("flush ruleset");
    third.nft("flush ruleset");
    balancer.ip("addr del " + SNAT + "/32 dev lo");
    assertThat(findings(posthouse.command("path")))
        .containsExactly(
            "cannot-leave: hub/mx1 at 10.1.0.2:%d, hub/mx2 at 10.3.0.2:%d from %s"
                .formatted(sorted.port(), lossy.port(), SNAT));
    balancer.set("net.ipv4.ip_nonlocal_bind", "1");
    assertThat(findings(posthouse.command("path", "hub/mx2")))
        .containsExactly(
            "source-elsewhere: hub/mx2 at 10.3.0.2:%d from %s".formatted(lossy.port(), SNAT));
    balancer.ip("addr add %s/32 dev eth3".formatted(SNAT));
    balancer.ip("link set eth3 down");
    assertThat(posthouse.command("path", "hub/mx2").out())
        .contains("cannot-leave: hub/mx2", "It is on eth3, which is down or has no carrier");
    balancer.ip("link set eth3 up");
    assertThat(posthouse.command("path").exit()).isZero();
  }

  private static List<String> findings(Commands.Ended ended) {
    return ended.out().lines().filter(line -> line.matches("[a-z-]+: \\S+ at \\S+.*")).toList();
  }

  private static List<String> connects(Postfix postfix) {
    List<String> from =
        new java.util.ArrayList<>(
            postfix.log().stream()
                .filter(line -> line.contains("]: connect from "))
                .map(line -> line.replaceFirst(".*\\[([0-9.]+)]$", "$1"))
                .toList());
    Collections.sort(from);
    return from;
  }
}
