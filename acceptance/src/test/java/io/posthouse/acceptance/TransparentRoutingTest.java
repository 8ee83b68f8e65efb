package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Posthouse leaves in the kernel for clients' own addresses, and what it leaves alone. */
@ExtendWith(LabExtension.class)
final class TransparentRoutingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TABLE = "posthouse_transparent";

  private Lab lab;
  private NetworkNamespace network;
  private int posthouses;

  @BeforeEach
  void aNetworkOfItsOwn(Lab lab) {
    this.lab = lab;
    network = NetworkNamespace.of(lab);
  }

  @Test
  void isThereWhileItRunsAndGoneAfterwards() {
    String before = everything();
    Posthouse posthouse = ready(transparent());
    requireOneOfEach();

    stop(posthouse, "TERM");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aRestartAfterAKillFindsWhatIsThereAndAddsNothing() {
    String before = everything();
    Posthouse posthouse = ready(transparent());
    stop(posthouse, "KILL");
    requireOneOfEach();

    restart(posthouse);
    requireOneOfEach();
    stop(posthouse, "TERM");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void whatAKilledOneLeftIsRemovedByOneThatDoesNotNeedIt() {
    String before = everything();
    Config config = transparent();
    Posthouse posthouse = ready(config);
    stop(posthouse, "KILL");
    posthouse.write(without(config));

    restart(posthouse);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aReloadAddsAndRemovesIt() {
    String before = everything();
    Config config = transparent();
    Posthouse posthouse = ready(config);
    posthouse.write(without(config));
    posthouse.hangUp();
    assertThat(everything()).isEqualTo(before);

    posthouse.write(config.text());
    posthouse.hangUp();
    requireOneOfEach();
  }

  @Test
  void aFlushOfAllRulesIsRepairedWithinSeconds() {
    Posthouse posthouse = ready(transparent());
    network.nft("flush ruleset");

    await("it is told")
        .atMost(Duration.ofSeconds(15))
        .until(() -> !posthouse.log("were gone and are there again").isEmpty());
    requireOneOfEach();
    assertThat(posthouse.log(" error ")).isEmpty();
  }

  @Test
  void aLostRuleAndRouteAreRepairedWithinHalfAMinute() {
    ready(transparent());
    network.run("ip", "rule", "del", "priority", "2525").good();
    network.run("ip", "-6", "route", "flush", "table", "2525").good();

    await("they are there again").atMost(PATIENCE).untilAsserted(this::requireOneOfEach);
  }

  @Test
  void whatOthersHaveStays() {
    network.nft("add table inet filter");
    network.nft(
        "add chain inet filter input { type filter hook input priority 0; policy accept; }");
    network.nft("add table ip mangle");
    for (String family : List.of("-4", "-6")) {
      String from = family.equals("-4") ? "10.0.0.0/8" : "fd00::/8";
      network
          .run("ip", family, "rule", "add", "priority", "2525", "from", from, "lookup", "77")
          .good();
      network.run("ip", family, "rule", "add", "fwmark", "0x2000/0x3000", "lookup", "78").good();
    }
    String before = everything();

    Posthouse posthouse = ready(transparent());
    requireOneOfEach();
    stop(posthouse, "TERM");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aRoutingTableOfOthersIsNotTouched() {
    network.run("ip", "route", "add", "10.9.0.0/16", "dev", "lo", "table", "2525").good();
    String before = everything();

    assertThat(complaint(of(transparent(), network.command())))
        .contains("snat: none", "table 2525", "10.9.0.0/16 dev lo");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aReloadThatMeetsARuleOfOthersChangesNothing() {
    network.run("ip", "-6", "rule", "add", "from", "fd00::/8", "lookup", "2525").good();
    String before = everything();
    Config config = transparent();
    Posthouse posthouse = of(config, network.command());
    posthouse.write(without(config));
    requireReady(posthouse, lab.keep(posthouse).start());

    posthouse.write(config.text());
    posthouse.hangUp();
    assertThat(posthouse.log("configuration refused"))
        .singleElement()
        .asString()
        .contains("from fd00::/8 lookup 2525");
    assertThat(everything()).isEqualTo(before);
    assertThat(posthouse.daemon().isAlive()).isTrue();
  }

  @Test
  void anAddressThatCannotBeBoundLeavesNothing() {
    String before = everything();
    Config config = transparent().listen("192.0.2.1:25");

    assertThat(complaint(of(config, network.command()))).contains("192.0.2.1:25");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void theLastOfTwoRemovesIt() {
    String before = everything();
    Posthouse first = ready(transparent());
    Posthouse second = ready(transparent());
    assertThat(chains()).hasSize(2);
    assertThat(ours("-4", "rule")).hasSize(1);

    stop(first, "TERM");
    requireOneOfEach();
    stop(second, "TERM");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void withoutTheRightOneLineNamesIt() {
    for (String missing : List.of("-net_admin", "-net_admin,-net_raw")) {
      List<String> before =
          network.command("setpriv", "--bounding-set=" + missing, "--inh-caps=" + missing, "--");
      assertThat(complaint(of(transparent(), before)))
          .contains("CAP_NET_ADMIN", "AmbientCapabilities=");
    }
    assertThat(chains()).isEmpty();
  }

  @Test
  void anOrdinaryUserWithTheRightHasItAll() {
    String before = everything();
    List<String> asNobody =
        network.command(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+net_admin",
            "--ambient-caps=+net_admin",
            "--");
    Posthouse posthouse = OrdinaryUserTest.own(lab, transparent(), asNobody);
    requireReady(posthouse, lab.keep(posthouse).start());
    requireOneOfEach();
    stop(posthouse, "TERM");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void withoutNftOneLineNamesThePackage() {
    List<String> before =
        network.command(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount --bind /dev/null \"$(command -v nft)\"; exec \"$@\"",
            "sh");
    assertThat(complaint(of(transparent(), before))).contains("no program nft", "package nftables");
    assertThat(ours("-4", "rule")).isEmpty();
  }

  private static Config transparent() {
    return new Config()
        .listen("127.0.0.1:" + Ports.free())
        .member("mx1", "127.0.0.1:25")
        .clientClass("inside", "from: [any], relay: server, snat: none");
  }

  /** The same file, but that members see our own address. */
  private static String without(Config config) {
    return config.text().replace("snat: none", "snat: automap");
  }

  private Posthouse of(Config config, List<String> before) {
    return new Posthouse(
        Lab.repository().resolve("posthouse"),
        lab.folder("posthouse" + ++posthouses),
        config,
        before);
  }

  private Posthouse ready(Config config) {
    Posthouse posthouse = lab.keep(of(config, network.command()));
    requireReady(posthouse, posthouse.start());
    return posthouse;
  }

  private static void restart(Posthouse posthouse) {
    int before = posthouse.log("Posthouse is ready").size();
    Daemon daemon = posthouse.start();
    await("it is ready again")
        .atMost(PATIENCE)
        .until(() -> !daemon.isAlive() || posthouse.log("Posthouse is ready").size() > before);
  }

  private static void requireReady(Posthouse posthouse, Daemon daemon) {
    await("Posthouse is ready")
        .atMost(PATIENCE)
        .until(() -> !daemon.isAlive() || !posthouse.log("Posthouse is ready").isEmpty());
    assertThat(daemon.isAlive()).as("%s", daemon.lines()).isTrue();
  }

  private static void stop(Posthouse posthouse, String signal) {
    posthouse.daemon().signal(signal);
    await("it ends").atMost(PATIENCE).until(() -> !posthouse.daemon().isAlive());
  }

  private String complaint(Posthouse posthouse) {
    Daemon daemon = lab.keep(posthouse).start();
    await("it gives up").atMost(PATIENCE).until(() -> !daemon.isAlive());
    assertThat(daemon.exitCode()).isEqualTo(1);
    List<String> said =
        daemon.lines().stream().filter(line -> line.startsWith("posthouse: ")).toList();
    assertThat(said).hasSize(1);
    return said.getFirst();
  }

  private void requireOneOfEach() {
    assertThat(chains()).hasSize(1);
    for (String family : List.of("-4", "-6")) {
      assertThat(ours(family, "rule")).hasSize(1);
      assertThat(ours(family, "route")).hasSize(1);
    }
  }

  private List<String> chains() {
    return network
        .run("nft", "list", "table", "inet", TABLE)
        .out()
        .lines()
        .filter(line -> line.contains("chain "))
        .toList();
  }

  private List<String> ours(String family, String object) {
    List<String> words = new ArrayList<>(List.of("ip", family, "-N", object, "show"));
    if (object.equals("route")) {
      words.addAll(List.of("table", "2525"));
    }
    return network
        .run(words.toArray(String[]::new))
        .out()
        .lines()
        .filter(line -> line.contains("proto 213"))
        .toList();
  }

  /** All rules and routes of the network, to be compared. */
  private String everything() {
    StringBuilder all = new StringBuilder(network.run("nft", "list", "ruleset").good().out());
    for (String family : List.of("-4", "-6")) {
      all.append(network.run("ip", family, "rule", "show").good().out());
      all.append(network.run("ip", family, "route", "show", "table", "all").good().out());
    }
    return all.toString();
  }
}
