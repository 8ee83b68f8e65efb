package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Tracing;
import io.posthouse.store.TokenFile;
import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.NoLeaks;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One client is followed through a whole Posthouse. */
@ExtendWith(NoLeaks.class)
final class TraceTest {
  @TempDir Path directory;

  private static String file(SmtpMember member) {
    return """
    pools: { hub: { members: { mx1: "127.0.0.1:%d" } } }
    virtual-servers: { VS: { listen: "127.0.0.1:0", pool: hub } }
    """
        .formatted(member.port());
  }

  private static String say(Socket client, String line) throws Exception {
    String last = RunningHouse.say(client, line);
    while (last.length() > 3 && last.charAt(3) == '-') {
      last = RunningHouse.line(client);
    }
    return last;
  }

  private static List<String> lines(Tracing tracing, long trace) {
    List<String> lines = new ArrayList<>();
    tracing.read(trace).lines().forEach(each -> lines.add(each.direction() + " " + each.text()));
    return lines;
  }

  @Test
  void whatClientAndMemberSayIsThereAndNeitherBodyNorPassword() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member))) {
      Tracing tracing = house.posthouse().tracing();
      long trace =
          tracing.begin(InetAddress.ofLiteral("127.0.0.1"), Duration.ofMinutes(1)).orElseThrow();
      try (Socket client = house.connect("VS")) {
        RunningHouse.line(client);
        say(client, "EHLO client.example.org");
        say(client, "AUTH PLAIN c2VjcmV0");
        say(client, "cGFzc3dvcmQ=");
        say(client, "auth foo bar cGFzc3dvcmQ=");
        say(client, "MAIL FROM:<a@example.org>");
        say(client, "RCPT TO:<b@example.net>");
        say(client, "DATA");
        say(client, "Subject: very private\r\n\r\nhush\r\n.");
        say(client, "QUIT");
      }
      assertThat(lines(tracing, trace))
          .contains(
              "FROM_CLIENT EHLO client.example.org",
              "FROM_CLIENT AUTH PLAIN ****",
              "FROM_CLIENT (12 octets that are no command)",
              "FROM_CLIENT MAIL FROM:<a@example.org>",
              "TO_MEMBER MAIL FROM:<a@example.org>",
              "TO_MEMBER RCPT TO:<b@example.net>",
              "FROM_CLIENT (a body of 34 octets)",
              "FROM_CLIENT QUIT")
          .anyMatch(line -> line.startsWith("TO_CLIENT 220 "))
          .anyMatch(line -> line.startsWith("FROM_MEMBER 250"))
          .anyMatch(line -> line.startsWith("NOTE member mx1, from 127.0.0.1:"))
          .noneMatch(line -> line.matches(".*(c2VjcmV0|cGFzc3dvcmQ|private|hush).*"));
    }
  }

  /** By a clock that stands, so that none goes because nobody reads it. */
  @Test
  void controlCMakesRoomForAnotherTraceAtOnce() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member), new HandClock())) {
      Tracing tracing = house.posthouse().tracing();
      InetAddress client = InetAddress.ofLiteral("127.0.0.1");
      for (int i = 0; i < 7; i++) {
        tracing.begin(client, Duration.ofMinutes(1)).orElseThrow();
      }
      await().until(() -> house.posthouse().adminAddress() != null);
      Process command =
          new ProcessBuilder(
                  "env",
                  "--default-signal=INT",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  Main.class.getName(),
                  "trace",
                  "--url",
                  "http://" + house.posthouse().adminAddress(),
                  "--token-file",
                  TokenFile.in(directory.resolve("state")).toString(),
                  "127.0.0.1")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        await().until(() -> tracing.begin(client, Duration.ZERO).isEmpty());
        house.connect("VS");
        assertThat(command.inputReader().readLine()).contains(" S: 220 ");
        assertThat(
                new ProcessBuilder("kill", "-INT", String.valueOf(command.pid())).start().waitFor())
            .isZero();
        assertThat(command.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(tracing.begin(client, Duration.ofMinutes(1))).isPresent();
      } finally {
        command.destroyForcibly();
      }
    }
  }

  @Test
  void othersAreNotFollowed() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member))) {
      Tracing tracing = house.posthouse().tracing();
      long trace =
          tracing.begin(InetAddress.ofLiteral("192.0.2.7"), Duration.ofMinutes(1)).orElseThrow();
      try (Socket client = house.connect("VS")) {
        RunningHouse.line(client);
        say(client, "QUIT");
      }
      assertThat(lines(tracing, trace)).isEmpty();
    }
  }
}
