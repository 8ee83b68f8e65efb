package io.posthouse.app;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedServer;
import io.posthouse.testkit.StoringServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members that say nothing more at each phase, by a clock that the test moves. */
@ExtendWith(NoLeaks.class)
final class HungMemberTest {
  /** What the wheel's ticks and the rounding of deadlines may add. */
  private static final Duration SLACK = ofSeconds(5);

  @TempDir Path directory;

  private final HandClock clock = new HandClock();

  @ParameterizedTest
  @CsvSource({
    "30, ''",
    "30, 'S: 220 hangs|C: EHLO .*'",
    "60, 'S: 220 hangs|C: EHLO .*|S: 250 hangs|C: MAIL .*'",
    "60, 'S: 220 hangs|C: EHLO .*|S: 250 hangs|C: MAIL .*|S: 250 ok|C: RCPT .*'",
    "60, 'S: 220 hangs|C: EHLO .*|S: 250 hangs|C: MAIL .*|S: 250 ok|C: RCPT .*|S: 250 ok|C: DATA'"
  })
  void whoHangsBeforeTheBodyIsLeftForAnotherWithinItsDeadline(int seconds, String before)
      throws Exception {
    try (ScriptedServer hangs = ScriptedServer.play(before.replace('|', '\n') + "\nsilence");
        StoringServer good = new StoringServer("good", Duration.ZERO);
        RunningHouse house = house(hangs.port(), good.port());
        MailLink link = MailLink.greeted(house)) {
      link.write("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n");
      int early = before.split("S: 250 ok", -1).length - 1;
      for (int i = 0; i < early; i++) {
        assertThat(link.reply()).isEqualTo("250 ok");
      }
      Duration waited = untilReply(link, hangs, ofSeconds(seconds), early < 2 ? "250" : "354");
      assertThat(waited).isBetween(ofSeconds(seconds), ofSeconds(seconds).plus(SLACK));
      for (int i = early + 1; i < 3; i++) {
        link.reply();
      }
      link.write(MailLink.BODY);
      assertThat(link.reply()).startsWith("250");
      assertThat(good.stored()).hasSize(1);
    }
  }

  @Test
  void whoTakesNoMoreOfABodyThatCanBeSentAgainIsLeftForAnother() throws Exception {
    String body = ("x".repeat(998) + "\r\n").repeat(12_000);
    String stops =
        """
        S: 220 hangs
        C: EHLO .*
        S: 250 hangs
        C: MAIL .*
        S: 250 ok
        C: RCPT .*
        S: 250 ok
        C: DATA
        S: 354 go on
        stall
        """;
    try (ScriptedServer hangs = ScriptedServer.play(stops);
        StoringServer good = new StoringServer("good", Duration.ZERO);
        RunningHouse house = house(hangs.port(), good.port(), "retry: { buffer: 16MiB }");
        MailLink link = MailLink.greeted(house)) {
      link.say("MAIL FROM:<a@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.say("DATA");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  link.write(body + ".\r\n");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      await().until(() -> hangs.hung() == 1);
      // When the member's buffers are full is not known: a coarse clock from here on.
      Duration waited = step(link, Duration.ZERO, ofSeconds(1), ofMinutes(2), "250");
      assertThat(waited).isBetween(ofMinutes(1), ofMinutes(2));
      sender.join();
      assertThat(good.stored()).hasSize(1);
      assertThat(good.stored().getFirst().body()).isEqualTo(body);
    }
  }

  @Test
  void whoHangsWithAllOfTheMessageHasItAndNobodyElseGetsIt() throws Exception {
    String hangs =
        """
        S: 220 hangs
        C: EHLO .*
        S: 250 hangs
        C: MAIL .*
        S: 250 ok
        C: RCPT .*
        S: 250 ok
        C: DATA
        S: 354 go on
        silence
        """;
    try (ScriptedServer hung = ScriptedServer.play(hangs);
        StoringServer good = new StoringServer("good", Duration.ZERO);
        RunningHouse house = house(hung.port(), good.port());
        MailLink link = MailLink.greeted(house)) {
      link.say("MAIL FROM:<a@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.say("DATA");
      link.write(MailLink.BODY);
      Duration waited = untilReply(link, hung, ofMinutes(10), "451 4.4.2");
      assertThat(waited).isBetween(ofMinutes(10), ofMinutes(10).plus(SLACK));
      assertThat(good.stored()).isEmpty();
      await().until(() -> house.log().contains("did not say what became of it"));
      assertThat(link.send("a2@example.org")).as("the link goes on").startsWith("250");
    }
  }

  @ParameterizedTest
  @CsvSource({"58, 250", "62, 452 4.3.1"})
  void pressureAfterTheWholeMessageIsTriedElsewhereForAMinute(int seconds, String heard)
      throws Exception {
    try (StoringServer pressed = new StoringServer("pressed", ofSeconds(60));
        StoringServer good = new StoringServer("good", Duration.ZERO);
        RunningHouse house = house(pressed.port(), good.port());
        MailLink link = MailLink.greeted(house)) {
      pressed.conduct(StoringServer.Conduct.HANG_AT_END);
      link.say("MAIL FROM:<a@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.say("DATA");
      link.write(MailLink.BODY);
      await().until(() -> pressed.hung() == 1);
      clock.advance(Duration.ofSeconds(seconds));
      link.socket().setSoTimeout(300); // The loop takes the new time in meanwhile.
      assertThatThrownBy(link::reply).isInstanceOf(SocketTimeoutException.class);
      link.socket().setSoTimeout(10_000);
      pressed.conduct(StoringServer.Conduct.PRESSURE_AT_END);
      assertThat(link.reply()).startsWith(heard);
    }
  }

  /** Moves the clock on until the client hears something; returns by how much. */
  private Duration untilReply(
      MailLink link, ScriptedServer hung, Duration deadline, String expected) throws Exception {
    Duration almost = deadline.minus(ofMillis(300));
    await().until(() -> hung.hung() == 1);
    clock.advance(almost);
    return step(link, almost, ofMillis(100), deadline.plus(ofSeconds(30)), expected);
  }

  private Duration step(MailLink link, Duration from, Duration by, Duration most, String expected)
      throws Exception {
    Duration waited = from;
    String heard = null;
    link.socket().setSoTimeout(200);
    while (heard == null && waited.compareTo(most) < 0) {
      try {
        heard = link.reply();
      } catch (SocketTimeoutException notYet) {
        clock.advance(by);
        waited = waited.plus(by);
      }
    }
    link.socket().setSoTimeout(10_000);
    assertThat(heard).startsWith(expected);
    return waited;
  }

  private RunningHouse house(int hangs, int good) throws Exception {
    return house(hangs, good, "connect-timeout: 5s");
  }

  private RunningHouse house(int hangs, int good, String key) throws Exception {
    return RunningHouse.start(
        directory,
        """
        pools:
          hub:
            %s
            members:
              m1: 127.0.0.1:%d
              m2: 127.0.0.1:%d
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub }
        """
            .formatted(key, hangs, good),
        clock);
  }
}
