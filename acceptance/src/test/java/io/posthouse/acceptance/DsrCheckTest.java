package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Servers of mode dsr on one Ethernet, set up by the scripts of {@code posthouse dsr setup}; then
 * each mistake that is usual is made, and named by {@code posthouse dsr check}. The VIPs are .100
 * and fd77::100, the balancer is .2, the servers are .21 to .23.
 */
@ExtendWith(LabExtension.class)
final class DsrCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String VIP = "10.77.0.100";
  private static final String VIP6 = "fd77::100";

  private Lab lab;
  private NetworkNamespace balancer;
  private NetworkNamespace client;
  private DsrServer first;
  private DsrServer second;
  private DsrServer third;
  private Posthouse posthouse;

  @BeforeEach
  void begin(Lab given) {
    lab = given;
    Segment segment = new Segment(lab);
    balancer = segment.host(2);
    client = segment.host(10);
    first = new DsrServer(lab, segment, "mx1", 21);
    second = new DsrServer(lab, segment, "mx2", 22);
    third = new DsrServer(lab, segment, "mx3", 23);
    posthouse =
        new Posthouse(
            Lab.repository().resolve("posthouse"),
            lab.folder("posthouse"),
            config(),
            balancer.command(List.of()));
  }

  private Config config() {
    return new Config()
        .mode("dsr\n    dsr: { add-address: false }")
        .listen(VIP + ":25")
        .member("mx1", first.ipv4() + ":25")
        .member("mx2", second.ipv4() + ":25")
        .member("mx3", third.ipv4() + ":25")
        .furtherPool(
            "hub6",
            "members: { mx1: \"[%s]:25\", mx2: \"[%s]:25\", mx3: \"[%s]:25\" }"
                .formatted(first.ipv6(), second.ipv6(), third.ipv6()))
        .furtherServer(
            "SIX",
            "mode: dsr, dsr: { add-address: false }, pool: hub6, listen: \"[%s]:25\""
                .formatted(VIP6));
  }

  private Path script(String... words) {
    try {
      List<String> all = new ArrayList<>(List.of("dsr", "setup"));
      all.addAll(List.of(words));
      return Files.writeString(
          Files.createTempFile(lab.folder(), "dsr", ".sh"),
          posthouse.command(all.toArray(String[]::new)).good().out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void setUpAll() {
    Path script = script();
    for (DsrServer each : List.of(first, second, third)) {
      each.script(script).good();
    }
  }

  /** As VRRP would: the rules first, the addresses then. */
  private void start() {
    lab.keep(posthouse).startedElsewhere();
    balancer.ip("addr add " + VIP + "/32 dev eth0");
    balancer.ip("-6 addr add " + VIP6 + "/128 dev eth0 nodad preferred_lft 0");
  }

  @Test
  void theScriptSetsUpNamesWhatDriftsAndUndoesAll() {
    Path script = script();
    String before = first.state();
    assertThat(first.script(script, "--verify").exit()).isEqualTo(1);
    assertThat(first.state()).isEqualTo(before);

    assertThat(first.script(script).good().out()).endsWith("all is as it should be\n");
    String after = first.state();
    assertThat(first.script(script).good().out()).doesNotContain("WRONG");
    assertThat(first.state()).isEqualTo(after);
    assertThat(first.script(script("SMTP_VS/mx1", "--verify")).good().out())
        .contains("note   fd77::100 is set up here, too", "ip addr del fd77::100/128 dev lo; rm ");
    assertThat(client.run("arping", "-c", "2", "-w", "2", "-I", "eth0", VIP).out())
        .contains("Received 0 response");

    first.network().ip("addr add " + VIP + "/24 dev eth0");
    first.network().set("net.ipv4.conf.eth0.arp_ignore", "3");
    first.network().ip("-6 addr del " + VIP6 + "/128 dev lo");
    first.listen(first.ipv4());
    Commands.Ended drift = first.script(script, "--verify");
    assertThat(drift.exit()).isEqualTo(1);
    assertThat(drift.out().lines().filter(line -> line.startsWith("WRONG")))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains(VIP + " is at lo/32 eth0/24"),
            line -> assertThat(line).contains("fd77::100 is not here"),
            line -> assertThat(line).contains("arp_ignore of eth0 is 3, not 1"),
            line -> assertThat(line).contains("nothing listens on " + VIP + " port 25"),
            line -> assertThat(line).contains("nothing listens on fd77::100 port 25"));
    // On an interface of the network it may be the balancer's: nothing is changed.
    assertThat(first.script(script).exit()).isEqualTo(2);
    first.network().ip("addr del " + VIP + "/24 dev eth0");
    first.network().set("net.ipv4.conf.eth0.arp_ignore", "0");

    // Somebody's own VIP, without a unit: ARP must not begin to answer for it.
    first.network().ip("addr add 10.77.0.101/32 dev lo");
    assertThat(first.script(script, "--undo").good().out())
        .contains("note   10.77.0.101 is left on lo, and with it what ARP needs");
    assertThat(first.state()).contains("arp_ignore = 1", "arp_announce = 2");
    first.network().ip("addr del 10.77.0.101/32 dev lo");
    first.script(script, "--undo").good();
    assertThat(first.state()).isEqualTo(before);
    first.script(script, "--undo").good();
  }

  @Test
  void whatIsReadAfterTheScriptsFileAndSaysOtherwiseIsNamed() {
    Path script = script();
    first.script(script).good();
    first.sysctl("10-first.conf", "net.ipv4.conf.all.arp_ignore = 0");
    first.sysctl("99-same.conf", "net.ipv4.conf.all.arp_ignore = 1");
    first.script(script, "--verify").good();

    first.sysctl("99-sysctl.conf", "-net/ipv4/conf/all/arp_announce=0");
    Commands.Ended drift = first.script(script, "--verify");
    assertThat(drift.exit()).isEqualTo(1);
    assertThat(drift.out().lines().filter(line -> line.startsWith("WRONG")))
        .singleElement()
        .asString()
        .contains("/etc/sysctl.d/99-sysctl.conf is read later and says otherwise");
  }

  @Test
  void aMachineThatIsNoServerIsLeftAlone() {
    Commands.Ended refused =
        balancer.run("unshare", "--mount", "sh", script("SMTP_VS/mx2").toString());

    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("none of the servers' addresses (10.77.0.22)");
  }

  @Test
  void eachMistakeIsNamedAndAfterTheRepairThereIsSilence() {
    setUpAll();
    start();
    Commands.Ended well = posthouse.command("dsr", "check", "--client", "10.77.0.10");
    assertThat(well.exit()).as(well.toString()).isZero();
    assertThat(well.out())
        .contains("10.77.0.10 is in the network of eth0, as the servers are")
        .contains("220 mx3.test")
        .endsWith("\n6 servers checked, nothing found\n");
    assertThat(tables()).doesNotContain("posthouse_dsr_check");

    first.network().ip("addr del " + VIP + "/32 dev lo");
    first.network().ip("-6 addr del " + VIP6 + "/128 dev lo");
    second.listen(second.ipv4(), "[" + second.ipv6() + "]");
    third.network().set("net.ipv4.conf.all.arp_ignore", "0");
    third.network().ip("-6 addr add " + VIP6 + "/128 dev eth0 nodad");
    Commands.Ended wrong = posthouse.command("dsr", "check");
    assertThat(wrong.exit()).as(wrong.toString()).isEqualTo(1);
    assertThat(findings(wrong))
        .containsExactly(
            "vip-missing: SMTP_VS/mx1 (critical)",
            "not-on-vip: SMTP_VS/mx2 (critical)",
            "answers-for-vip: SMTP_VS/mx3 (critical)",
            "vip-missing: SIX/mx1 (critical)",
            "not-on-vip: SIX/mx2 (critical)",
            "answers-for-vip: SIX/mx3 (critical)");
    assertThat(wrong.out())
        .contains("posthouse dsr setup SMTP_VS/mx1 -c FILE")
        .endsWith("\n6 servers checked, 6 findings\n");
    assertThat(tables()).doesNotContain("posthouse_dsr_check");

    third.network().ip("-6 addr del " + VIP6 + "/128 dev eth0");
    setUpAll();
    second.listen("0.0.0.0", "[::]");
    Commands.Ended silent = posthouse.command("dsr", "check");
    assertThat(silent.exit()).as(silent.toString()).isZero();
  }

  @Test
  void whatIsLessUsualIsNamedToo() {
    setUpAll();
    start();
    first.network().ip("addr del " + VIP + "/32 dev lo");
    first.network().set("net.ipv4.ip_forward", "1");
    second.network().ip("link set eth0 down");
    third
        .network()
        .nft(
            "add table ip n; add chain ip n out { type filter hook output priority 0; };"
                + " add rule ip n out ip saddr %s tcp sport 25 ip saddr set %s"
                    .formatted(VIP, third.ipv4()));
    Commands.Ended wrong = posthouse.command("dsr", "check", "SMTP_VS");
    assertThat(findings(wrong))
        .containsExactly(
            "vip-missing: SMTP_VS/mx1 (critical)",
            "server-down: SMTP_VS/mx2 (critical)",
            "other-source: SMTP_VS/mx3 (critical)");
    assertThat(wrong.out())
        .contains("it sent the packet back, as a router does")
        .contains("It answers from 10.77.0.23 in place of 10.77.0.100");

    // What the balancer itself filters away looks like a server that is down.
    third.network().nft("flush ruleset");
    balancer.nft(
        "add table netdev f; add chain netdev f out { type filter hook egress device \"eth0\" priority -10; };"
            + " add rule netdev f out ip daddr %s tcp flags syn drop".formatted(third.ipv4()));
    assertThat(findings(posthouse.command("dsr", "check", "SMTP_VS/mx3")))
        .containsExactly("server-down: SMTP_VS/mx3 (critical)");
  }

  @Test
  void whatCannotBeAskedIsToldAndIsNotWrong() {
    setUpAll();
    posthouse =
        new Posthouse(
            Lab.repository().resolve("posthouse"),
            lab.folder("without"),
            config(),
            balancer.command(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind /dev/null \"$(command -v ndisc6)\"; exec \"$@\"",
                "sh"));
    start();
    Commands.Ended check = posthouse.command("dsr", "check", "SIX");
    assertThat(check.exit()).as(check.toString()).isZero();
    assertThat(check.out())
        .contains("there is no program ndisc6 here (package ndisc6)")
        .endsWith("\n3 servers checked, nothing found, 1 thing not known\n");
  }

  @Test
  void whatACheckThatWasKilledLeavesIsGoneAfterTheNextStart() {
    setUpAll();
    start();
    first.network().ip("addr del " + VIP + "/32 dev lo");
    Daemon check = inBackground("dsr", "check", "SMTP_VS/mx1");
    await("the rules are there")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> tables().contains("posthouse_dsr_check"));
    posthouse.daemon().signal("KILL");
    await("it ends").atMost(PATIENCE).until(() -> !posthouse.daemon().isAlive());
    check.close();
    assertThat(tables()).contains("posthouse_dsr_check");

    Daemon again = posthouse.start();
    await("they are gone")
        .atMost(PATIENCE)
        .until(() -> !again.isAlive() || !tables().contains("posthouse_dsr_check"));
    assertThat(again.isAlive()).isTrue();
  }

  private Daemon inBackground(String... words) {
    List<String> line = new ArrayList<>();
    line.add(Lab.repository().resolve("posthouse").toString());
    line.addAll(List.of(words));
    line.addAll(List.of("-c", posthouse.file().toString()));
    return lab.daemon("check", balancer.command(line).toArray(String[]::new));
  }

  private String tables() {
    return balancer.run("nft", "list", "tables").good().out();
  }

  private static List<String> findings(Commands.Ended ended) {
    return ended.out().lines().filter(line -> line.matches("[a-z-]+: \\S+ \\([a-z]+\\)")).toList();
  }
}
