package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** SIGTERM: no new links, running ones may end, up to a deadline. */
@Isolated("deadlines")
@ExtendWith(LabExtension.class)
final class ShutdownTest {

  @Test
  void runningSessionsEndWellAndNewOnesAreRefused(Lab lab) throws IOException {
    Postfix server = lab.postfix("mx1");
    int port = Ports.free();
    Posthouse posthouse =
        lab.posthouse(
            new Config()
                .listen("127.0.0.1:" + port)
                .member(server)
                .limits("{ shutdown-timeout: 60s }"));
    List<Talk> running = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Talk talk = lab.keep(Talk.to("127.0.0.1", port));
      talk.ask("EHLO client.example", "250");
      talk.ask("MAIL FROM:<a@example.net>", "250");
      talk.ask("RCPT TO:<b@example.com>", "250");
      talk.ask("DATA", "354");
      talk.say("Subject: begun before the end");
      running.add(talk);
    }
    posthouse.daemon().signal("TERM");
    awaitRefused(port);
    assertThat(posthouse.daemon().isAlive()).isTrue();
    for (Talk talk : running) {
      talk.say("");
      talk.ask(".", "250 2.0.0 Ok: queued");
      talk.ask("QUIT", "221");
      talk.close();
    }
    awaitEnd(posthouse, Duration.ofSeconds(20));
    assertThat(posthouse.daemon().exitCode()).isZero();
    assertThat(server.queued()).isEqualTo(3);
    assertThat(server.complaints()).isEmpty();
  }

  @Test
  void theDeadlineHolds(Lab lab) throws IOException {
    int port = Ports.free();
    Posthouse posthouse = withTimeout(lab, port, "3s");
    try (Talk stays = Talk.to("127.0.0.1", port)) {
      posthouse.daemon().signal("TERM");
      awaitRefused(port);
      assertThat(posthouse.daemon().isAlive()).isTrue();
      assertThat(stays.isEnded()).isTrue();
      awaitEnd(posthouse, Duration.ofSeconds(20));
    }
    assertThat(posthouse.daemon().exitCode()).isZero();
    assertThat(posthouse.log("deadline-ms=3000")).hasSize(1);
  }

  @Test
  void aSecondSignalCuts(Lab lab) throws IOException {
    int port = Ports.free();
    Posthouse posthouse = withTimeout(lab, port, "10m");
    try (Talk stays = Talk.to("127.0.0.1", port)) {
      posthouse.daemon().signal("TERM");
      awaitRefused(port);
      posthouse.daemon().signal("TERM");
      awaitEnd(posthouse, Duration.ofSeconds(20));
      assertThat(stays.isEnded()).isTrue();
    }
    assertThat(posthouse.daemon().exitCode()).isZero();
  }

  private static Posthouse withTimeout(Lab lab, int port, String timeout) {
    return lab.posthouse(
        new Config()
            .listen("127.0.0.1:" + port)
            .member(lab.sink("mx1"))
            .limits("{ shutdown-timeout: " + timeout + " }"));
  }

  private static void awaitRefused(int port) {
    await("new links are refused")
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          try (Talk talk = Talk.to("127.0.0.1", port)) {
            talk.ask("QUIT", "221");
            return false;
          } catch (ConnectException refused) {
            return true;
          } catch (IOException accepted) {
            return false;
          }
        });
  }

  private static void awaitEnd(Posthouse posthouse, Duration bound) {
    await("Posthouse ends").atMost(bound).until(() -> !posthouse.daemon().isAlive());
  }
}
