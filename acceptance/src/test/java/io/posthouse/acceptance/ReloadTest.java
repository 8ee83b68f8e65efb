package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Changes under load: nothing that an administrator does costs a session. */
@Isolated("a load that must lose nothing")
@ExtendWith(LabExtension.class)
final class ReloadTest {
  private static final int ROUNDS = 20;

  @Test
  void reloadsDrainsAndEnablesLoseNoSession(Lab lab) {
    Sink third = lab.sink("mx3");
    int port = Ports.free();
    String extra = "127.0.0.1:" + Ports.free();
    Config config =
        new Config()
            .listen("127.0.0.1:" + port)
            .member(lab.sink("mx1"))
            .member(lab.sink("mx2"))
            .log("{ links: false }");
    Posthouse posthouse = lab.posthouse(config);
    Load load = Load.start(lab, port, "--sessions", "50", "--messages-per-link", "5");
    for (int round = 1; round <= ROUNDS; round++) {
      boolean more = round % 2 == 1;
      if (more) {
        config
            .member(third)
            .listen(extra)
            .monitor("hello", "type: smtp, depth: hello, interval: 500ms");
      } else {
        config.notMember("mx3").notListen(extra).notMonitor("hello");
      }
      posthouse.write(config.text());
      reload(posthouse, round);
      assertThat(posthouse.generation()).isEqualTo(round + 1);
      assertThat(posthouse.virtualServer().get("listening").size()).isEqualTo(more ? 2 : 1);
      drainAndEnable(posthouse, round);
    }
    assertThat(load.isRunning()).isTrue();
    Load.Result result = load.end();
    assertThat(result.failed()).as("lost sessions in %s", result).isZero();
    assertThat(result.ok()).isGreaterThan(500);
    System.out.printf("%d reloads: %d sessions, none lost%n", ROUNDS, result.ok());
  }

  private static void reload(Posthouse posthouse, int round) {
    if (round % 4 < 2) {
      posthouse.hangUp();
    } else {
      posthouse.command("reload").good();
    }
  }

  /** By the commands in every fifth round, by the API otherwise: a JVM for each takes its time. */
  private static void drainAndEnable(Posthouse posthouse, int round) {
    String member = round % 3 == 0 ? "mx2" : "mx1";
    if (round % 5 == 0) {
      posthouse.command("drain", "--wait", "--timeout", "60", "hub/" + member).good();
      posthouse.command("enable", "hub/" + member).good();
    } else {
      posthouse.administer(member, "drain");
      await("%s is empty".formatted(member))
          .atMost(Duration.ofSeconds(60))
          .until(() -> posthouse.member(member).get("connections").asInt() == 0);
      posthouse.administer(member, "enable");
    }
    long before = posthouse.member(member).get("total-connections").asLong();
    await("%s has work again".formatted(member))
        .atMost(Duration.ofSeconds(30))
        .until(() -> posthouse.member(member).get("total-connections").asLong() > before);
  }

  @Test
  void aKilledMemberLosesOnlyTheSessionsOnIt(Lab lab) {
    int most = 20;
    Sink doomed = lab.sink("mx1");
    int port = Ports.free();
    Posthouse posthouse =
        lab.posthouse(
            new Config()
                .listen("127.0.0.1:" + port)
                .member(
                    "mx1",
                    "{ address: \"%s\", max-connections: %d }".formatted(doomed.address(), most))
                .member(lab.sink("mx2"))
                .log("{ links: false }")
                .monitor("connect", "type: tcp, interval: 200ms, timeout: 1s, fall: 2"));
    Load load = Load.start(lab, port, "--sessions", "50", "--messages-per-link", "5");
    awaitWork(posthouse, "mx1", 500);
    doomed.kill();
    await("its death is noticed")
        .atMost(Duration.ofSeconds(20))
        .until(() -> posthouse.effective("mx1").equals("down"));
    awaitWork(posthouse, "mx2", 500);
    Load.Result result = load.end();
    assertThat(result.failed()).as("lost sessions in %s", result).isBetween(1L, (long) most);

    Load.Result after =
        Load.start(lab, port, "--sessions", "50", "--count", "1000").finish(Duration.ofMinutes(2));
    assertThat(after.failed()).as("lost after detection in %s", after).isZero();

    Load during = Load.start(lab, port, "--sessions", "50");
    doomed.again();
    await("it is back")
        .atMost(Duration.ofSeconds(20))
        .until(() -> posthouse.effective("mx1").equals("up"));
    awaitWork(posthouse, "mx1", 100);
    Load.Result recovered = during.end();
    assertThat(recovered.failed()).as("lost at recovery in %s", recovered).isZero();
    System.out.printf(
        "killed member: %d of %d sessions lost, at most %d were on it; none of %d after detection%n",
        result.failed(), result.ok() + result.failed(), most, after.ok() + recovered.ok());
  }

  private static void awaitWork(Posthouse posthouse, String member, int links) {
    long before = posthouse.member(member).get("total-connections").asLong();
    await("%s has work".formatted(member))
        .atMost(Duration.ofSeconds(60))
        .until(() -> posthouse.member(member).get("total-connections").asLong() > before + links);
  }

  @Test
  void aBadFileChangesNothingAndSaysWhy(Lab lab) throws IOException {
    int port = Ports.free();
    Config config = new Config().listen("127.0.0.1:" + port).member(lab.sink("mx1"));
    Posthouse posthouse = lab.posthouse(config);
    try (Talk live = Talk.to("127.0.0.1", port)) {
      live.ask("EHLO client.example", "250");

      posthouse.write(config.text().replace("members:", "membrs:"));
      Commands.Ended reload = posthouse.command("reload");
      assertThat(reload.exit()).isEqualTo(2);
      assertThat(reload.err())
          .containsPattern("posthouse\\.yaml:\\d+:\\d+: .*membrs.*")
          .contains("members")
          .contains("nothing changed");
      posthouse.hangUp();
      assertThat(posthouse.log("configuration refused")).hasSizeGreaterThanOrEqualTo(2);
      assertThat(posthouse.command("check").exit()).isEqualTo(2);

      assertThat(posthouse.generation()).isEqualTo(1);
      live.ask("MAIL FROM:<a@example.net>", "250");
      live.ask("QUIT", "221");
    }
    Talk.awaitBanner("127.0.0.1", port, Duration.ofSeconds(10));
  }

  @Test
  void anAddressInUseOnReloadChangesNothingAndSaysWhy(Lab lab) throws IOException {
    int port = Ports.free();
    Config config = new Config().listen("127.0.0.1:" + port).member(lab.sink("mx1"));
    Posthouse posthouse = lab.posthouse(config);
    try (ServerSocket other = new ServerSocket();
        Talk live = Talk.to("127.0.0.1", port)) {
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
      posthouse.write(
          config
              .listen("127.0.0.1:" + Ports.free())
              .listen("127.0.0.1:" + other.getLocalPort())
              .text());
      Commands.Ended reload = posthouse.command("reload");
      assertThat(reload.exit()).isEqualTo(2);
      assertThat(reload.err()).contains("another program listens there", "nothing changed");
      assertThat(posthouse.generation()).isEqualTo(1);
      assertThat(posthouse.virtualServer().get("listening").size()).isEqualTo(1);
      live.ask("QUIT", "221");
    }
    Talk.awaitBanner("127.0.0.1", port, Duration.ofSeconds(10));
  }
}
