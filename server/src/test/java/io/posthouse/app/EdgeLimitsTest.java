package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How much a client may send in a minute, and how slowly a suspicious one is served. */
@ExtendWith(NoLeaks.class)
final class EdgeLimitsTest {
  private final EdgeHouse edge;

  EdgeLimitsTest(@TempDir Path directory) {
    edge = new EdgeHouse(directory);
  }

  @AfterEach
  void end() {
    edge.close();
  }

  @Test
  void whatIsTooMuchInAMinuteIsToldToComeLater() throws Exception {
    String limits =
        "limits: { per-client: { connections: 3, recipients: 5 }, per-network: { size: 100B } }";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, limits);
        MailLink link = MailLink.from("127.0.0.9", house)) {
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org", "x".repeat(46) + "\r\n.\r\n")).startsWith("250");
      assertThat(link.send("a@example.org", "x".repeat(46) + "\r\n.\r\n")).startsWith("250");
      assertThat(link.say("MAIL FROM:<a@example.org>"))
          .isEqualTo("451 4.7.1 Too much in a minute, try again later: size per network");
      edge.clock.advance(Duration.ofSeconds(3));
      link.say("MAIL FROM:<a@example.org>");
      for (int i = 0; i < 3; i++) {
        assertThat(link.say("RCPT TO:<b@example.net>")).startsWith("250");
      }
      assertThat(link.say("RCPT TO:<b@example.net>")).endsWith("later: recipients per client");
      assertThat(MailLink.from("127.0.0.9", house).say("QUIT")).startsWith("221");
      assertThat(MailLink.from("127.0.0.9", house).say("QUIT")).startsWith("221");
      try (Socket third = house.connectFrom("127.0.0.9", "mail")) {
        assertThat(RunningHouse.line(third)).startsWith("421 4.7.1 Too much in a minute");
      }
      assertThat(EdgeHouse.count(house, "limits")).isEqualTo("4/3/0");
    }
  }

  @Test
  void aLimitMayBeTriedOut() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(member, "limits: { per-class: { recipients: 1 }, action: log }")) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      assertThat(EdgeHouse.send("127.0.0.8", house)).startsWith("250");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("check=limits action=log reason=\"recipients per class\""));
      assertThat(EdgeHouse.count(house, "limits")).isEqualTo("2/1/0");
    }
  }

  @Test
  void aSuspiciousClientIsServedSlowly() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(
                member,
                "tarpit: { delay: 10s, links: 1 }, "
                    + "dns-lists: { lists: { zen.example.org: 2 }, action: tarpit }");
        MailLink slow = MailLink.from("127.0.0.9", house)) {
      slow.write("EHLO slow.example.net\r\n");
      slow.socket().setSoTimeout(300);
      assertThatThrownBy(slow::reply).isInstanceOf(SocketTimeoutException.class);
      slow.socket().setSoTimeout(10_000);
      // It is full: another one is served as fast as any.
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      edge.clock.advance(Duration.ofSeconds(11));
      assertThat(slow.reply()).startsWith("250 ");
    }
  }

  @Test
  void whoeverIsAnnouncedNextIsNotServedSlowlyForTheOneBefore() throws Exception {
    edge.dns.addresses("7.2.0.192.zen.example.org", 300, "127.0.0.2");
    String checks = "dns-lists: { lists: { zen.example.org: 2 }, action: tarpit }";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, checks, "believe: { xclient: [front] },");
        MailLink link = MailLink.from("127.0.0.9", house)) {
      link.say("EHLO front.example.net");
      assertThat(link.say("XCLIENT ADDR=192.0.2.7")).startsWith("220 ");
      link.write("XCLIENT ADDR=192.0.2.8\r\n");
      await()
          .until(() -> {
            boolean answered = link.socket().getInputStream().available() > 0;
            edge.clock.advance(answered ? Duration.ZERO : Duration.ofSeconds(6));
            return answered;
          });
      assertThat(link.reply()).startsWith("220 ");
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("250"); // By a clock that stands.
    }
  }
}
