package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Ticker;
import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedDns;
import io.posthouse.testkit.StoringServer;
import io.posthouse.testkit.StoringServer.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An error of ours in what comes back to a link from a deadline, DNS or the search for a member
 * ends that link, is told, and is counted. The error is a clock that breaks in one place, once.
 */
@ExtendWith(NoLeaks.class)
final class OwnErrorTest {
  @TempDir Path directory;
  private final HandClock clock = new HandClock();

  @ParameterizedTest
  @CsvSource({"EdgeInquiry, answered", "EdgeInquiry, impatient", "EdgeGate, paused"})
  void whileTheGreetingWaits(String room, String place) throws Exception {
    try (ScriptedDns dns = ScriptedDns.start();
        StoringServer member = new StoringServer("m1", Duration.ZERO)) {
      String listed = "9.0.0.127.zen.example.org";
      if (place.equals("impatient")) {
        dns.ignores(listed);
      } else {
        dns.addresses(listed, 300, "127.0.0.2");
      }
      String checks =
          """
          dns: { resolvers: ["127.0.0.1:%d"] }
          edge-checks: { all: { timeout: 2s, dns-lists: { lists: { zen.example.org: 2 } } %s } }
          """
              .formatted(
                  dns.port(), place.equals("paused") ? ", early-talkers: { pause: 5s }" : "");
      try (RunningHouse house =
          start(member, checks, "max-connections: 9", "edge-checks: all", at(room, place))) {
        house.connectFrom("127.0.0.9", "mail");
        await().until(() -> dns.asked().contains(listed + " A"));
        untilOver(house, Duration.ofSeconds(place.equals("answered") ? 0 : 1));
      }
    }
  }

  @Test
  void whenTheMemberIsTooSlow() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ofSeconds(60));
        RunningHouse house =
            start(member, "", "max-connections: 9", "", at("SessionDeadlines", "memberExpired"));
        MailLink link = MailLink.greeted(house)) {
      member.conduct(Conduct.HANG_AT_END);
      link.say("MAIL FROM:<a@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.say("DATA");
      link.write(MailLink.BODY);
      await().until(() -> member.hung() == 1);
      untilOver(house, Duration.ofMinutes(1));
    }
  }

  @Test
  void whenNoMemberIsFoundInTime() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house =
            start(member, "", "max-connections: 1", "", at("MemberSearch", "refused"));
        MailLink first = MailLink.greeted(house);
        MailLink second = MailLink.greeted(house)) {
      assertThat(first.say("MAIL FROM:<a@example.org>")).startsWith("250");
      second.write("MAIL FROM:<a@example.org>\r\n");
      await().until(() -> house.pool("hub").waiting() == 1);
      untilOver(house, Duration.ofSeconds(1));
      assertThat(first.say("RCPT TO:<b@example.net>")).as("the others go on").startsWith("250");
    }
  }

  /** From an address of the loopback to one that is elsewhere, which the kernel refuses at once. */
  @Test
  void whenADialEndsAtOnce() throws Exception {
    String file =
        """
        client-classes: { all: { from: any, relay: server, snat: 127.0.0.9 } }
        pools: { hub: { members: { ex1: "192.0.2.1:25" } } }
        virtual-servers: { mail: { listen: "127.0.0.1:0", pool: hub, classes: [all] } }
        """;
    try (RunningHouse house =
            RunningHouse.start(directory, file, at("MemberSearch", "refused"), clock);
        MailLink link = MailLink.greeted(house)) {
      link.write("MAIL FROM:<a@example.org>\r\n");
      untilOver(house, Duration.ofSeconds(1));
    }
  }

  private void untilOver(RunningHouse house, Duration step) {
    await()
        .until(() -> {
          clock.advance(step);
          return house.log().contains("end=bug");
        });
    assertThat(house.log()).containsOnlyOnce("unexpected error").contains("where=switching");
    assertThat(house.server("mail").links().failed()).isEqualTo(1);
  }

  private RunningHouse start(
      StoringServer member, String checks, String pool, String server, Ticker ticker)
      throws Exception {
    return RunningHouse.start(
        directory,
        """
        %s
        pools:
          hub:
            members: { ex1: { address: "127.0.0.1:%d", %s } }
        virtual-servers:
          mail: { %s, listen: "127.0.0.1:0", pool: hub }
        """
            .formatted(checks, member.port(), pool, server.isEmpty() ? "mode: smtp" : server),
        ticker,
        clock);
  }

  /** The clock, but for the first time that it is read on behalf of this method. */
  private Ticker at(String room, String place) {
    AtomicBoolean broken = new AtomicBoolean();
    return () -> {
      boolean here =
          StackWalker.getInstance()
              .walk(frames ->
                  frames.anyMatch(frame ->
                      frame.getMethodName().equals(place)
                          && frame.getClassName().endsWith("." + room)));
      if (here && !broken.getAndSet(true)) {
        throw new IllegalStateException("a clock that broke");
      }
      return clock.nanos();
    };
  }
}
