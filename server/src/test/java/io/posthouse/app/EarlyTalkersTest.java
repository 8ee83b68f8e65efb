package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who talks before the greeting, what comes of it, and what waits meanwhile. */
@ExtendWith(NoLeaks.class)
final class EarlyTalkersTest {
  private final EdgeHouse edge;

  EarlyTalkersTest(@TempDir Path directory) {
    edge = new EdgeHouse(directory);
  }

  @AfterEach
  void end() {
    edge.close();
  }

  @Test
  void whoeverTalksBeforeTheGreetingIsRefusedAtEachRecipientButPostmaster() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, "early-talkers: { pause: 30s }");
        Socket client = house.connect("mail")) {
      client
          .getOutputStream()
          .write("EHLO early.example.net\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunningHouse.line(client)).startsWith("220 ");
      while (RunningHouse.line(client).startsWith("250-")) {}
      RunningHouse.say(client, "MAIL FROM:<a@example.org>");
      assertThat(RunningHouse.say(client, "RCPT TO:<b@example.net>"))
          .startsWith("550 5.7.1 You talked");
      assertThat(RunningHouse.say(client, "RCPT TO:<postmaster>")).startsWith("250 ");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("edge check matched a client", "check=early-talkers", "action=refuse")
                  .contains("recipient refused by an edge check", "recipient=b@example.net"));
      assertThat(EdgeHouse.count(house, "early-talkers")).isEqualTo("1/1/0");
    }
  }

  @Test
  void whoeverWaitsIsGreetedWhenThePauseIsOver() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, "early-talkers: { pause: 5s }");
        Socket client = house.connect("mail")) {
      client.setSoTimeout(300);
      assertThatThrownBy(() -> RunningHouse.line(client))
          .isInstanceOf(SocketTimeoutException.class);
      client.setSoTimeout(10_000);
      edge.clock.advance(Duration.ofSeconds(6));
      assertThat(RunningHouse.line(client)).startsWith("220 ");
      assertThat(EdgeHouse.count(house, "early-talkers")).isEqualTo("1/0/0");
    }
  }

  @Test
  void refusedInPlaceOfTheGreeting() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(member, "refuse-at: greeting, early-talkers: { pause: 30s }")) {
      Socket client = house.connect("mail");
      client
          .getOutputStream()
          .write("EHLO early.example.net\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunningHouse.line(client)).startsWith("554 5.7.1 You talked before the greeting");
      assertThatThrownBy(() -> RunningHouse.line(client)).isInstanceOf(IOException.class);
      client.close();
      await().until(() -> house.log().contains("end=edge-check"));
    }
  }

  @Test
  void aLinkThatEndsWhileItWaitsLeavesNothing() throws Exception {
    edge.dns.ignores(EdgeHouse.LISTED);
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(member, "early-talkers: { pause: 30s }, " + EdgeHouse.ZEN)) {
      Socket client = house.connectFrom("127.0.0.9", "mail");
      await().until(() -> house.server("mail").links().open() == 1);
      client.close();
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(house.server("mail").classes().getFirst().open()).isZero();
    }
  }
}
