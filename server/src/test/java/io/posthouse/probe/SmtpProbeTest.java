package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.door.ProbeReport.Direction;
import io.posthouse.door.ProbeReport.Line;
import io.posthouse.health.PressureScope;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.testkit.Conversation;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.ScriptedServer;
import io.posthouse.testkit.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpProbeTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String HELLO =
      """
      S: 220 mx.example.net ESMTP
      C: EHLO monitor\\.contoso\\.com
      S: 250-mx.example.net\\r\\n250-SIZE 1000\\r\\n250 HELP
      """;
  private static final String INSIDE =
      HELLO
          + """
          C: MAIL FROM:<probe@contoso\\.com>
          S: 250 2.1.0 Ok
          C: RCPT TO:<postmaster@contoso\\.com>
          S: 250 2.1.5 Ok
          C: RSET
          S: 250
          """;
  private static final String OUTSIDE =
      """
      C: MAIL FROM:<probe@example\\.net>
      S: 250 2.1.0 Ok
      C: RCPT TO:<postmaster@contoso\\.com>
      S: 250 2.1.5 Ok
      """;
  private static final String STARTTLS =
      """
      S: 220 mx
      C: EHLO .*
      S: 250-mx\\r\\n250 STARTTLS
      C: STARTTLS
      """;
  private static final String QUIT =
      """
      C: QUIT
      S: 221 2.0.0 Bye
      close
      """;

  private static Outcome probe(ScriptedServer server, Depth depth, Duration timeout) {
    ProbeOrder order = Orders.to(server, Orders.smtp(depth, timeout));
    try {
      InetAddress address = InetAddress.getByName(server.host());
      return new SmtpProbe(new MachineClock(), new Issuers(Path.of("posthouse.yaml")))
          .run(order, new InetSocketAddress(address, server.port()), "lb.example.net");
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** The dialogue that is shown and the octets on the wire are the same. */
  private static void sameAsOnTheWire(Outcome outcome, Conversation wire) {
    assertThat(said(outcome, Direction.TO_MEMBER)).isEqualTo(wire.linesReceived());
    assertThat(said(outcome, Direction.FROM_MEMBER)).isEqualTo(wire.linesSent());
  }

  private static List<String> said(Outcome outcome, Direction direction) {
    return outcome.dialogue().stream()
        .filter(line -> line.direction() == direction)
        .map(Line::text)
        .toList();
  }

  private static void leavesCleanly(Outcome outcome, Conversation wire) {
    assertThat(wire.problems()).isEmpty();
    assertThat(wire.cleanClose()).isTrue();
    assertThat(said(outcome, Direction.TO_MEMBER)).endsWith("QUIT");
  }

  @ParameterizedTest
  @EnumSource(Depth.class)
  void passesAtEveryDepthWithQuitAndACleanClose(Depth depth) {
    String script =
        switch (depth) {
          case CONNECT, BANNER -> "S: 220 mx\n";
          case HELLO -> HELLO;
          case STARTTLS ->
              """
              S: 220 mx
              C: EHLO .*
              S: 250-mx\\r\\n250 STARTTLS
              C: STARTTLS
              S: 220 go
              starttls
              C: EHLO .*
              S: 250 mx
              """;
          case SENDER ->
              HELLO
                  + """
                  C: MAIL FROM:<probe@contoso\\.com>
                  S: 250 Ok
                  C: RSET
                  S: 250 Ok
                  C: MAIL FROM:<probe@example\\.net>
                  S: 250 Ok
                  """;
          case RECIPIENT -> INSIDE + OUTSIDE;
        };
    try (ScriptedServer server = ScriptedServer.play(script + QUIT)) {
      Outcome outcome = probe(server, depth, LONG);
      Conversation wire = server.next();
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Passed.class);
      leavesCleanly(outcome, wire);
      sameAsOnTheWire(outcome, wire);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BANNER    | BANNER            | 550 no service here
          HELLO     | HELLO             | 451 4.4.0 not yet
          SENDER    | INSIDE_SENDER     | 451 not yet
          RECIPIENT | INSIDE_RECIPIENT  | 554 5.3.0 broken
          RECIPIENT | RESET             | 500 what
          SENDER    | OUTSIDE_SENDER    | 451 4.4.3 DNS
          RECIPIENT | OUTSIDE_RECIPIENT | 450 4.4.1 not now
          """)
  void failsAtItsOwnStepAndStillQuits(Depth depth, ProbeStep step, String text) {
    String script =
        switch (step) {
          case BANNER -> "";
          case HELLO -> "S: 220 mx\nC: EHLO .*\n";
          case INSIDE_SENDER -> HELLO + "C: MAIL FROM:<probe@contoso.com>\n";
          case INSIDE_RECIPIENT -> HELLO + "C: MAIL.*\nS: 250 Ok\nC: RCPT TO:.*\n";
          case RESET -> HELLO + "C: MAIL.*\nS: 250 Ok\nC: RCPT.*\nS: 250 Ok\nC: RSET\n";
          case OUTSIDE_SENDER ->
              HELLO
                  + "C: MAIL.*\nS: 250 Ok\nC: RSET\nS: 250 Ok\nC: MAIL FROM:<probe@example.net>\n";
          default -> INSIDE + "C: MAIL.*\nS: 250 Ok\nC: RCPT TO:.*\n";
        };
    try (ScriptedServer server = ScriptedServer.play(script + "S: " + text + "\n" + QUIT)) {
      Outcome outcome = probe(server, depth, LONG);
      Conversation wire = server.next();
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Failed(step, text));
      leavesCleanly(outcome, wire);
      sameAsOnTheWire(outcome, wire);
    }
  }

  @Test
  void failsAtStartTlsWhenItIsNotOffered() {
    try (ScriptedServer server = ScriptedServer.play(HELLO + QUIT)) {
      Outcome outcome = probe(server, Depth.STARTTLS, LONG);
      assertThat(outcome.result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.STARTTLS, "STARTTLS is not offered"));
      leavesCleanly(outcome, server.next());
    }
  }

  @Test
  void failsAtStartTlsWhenItIsNotAvailable() {
    String script = STARTTLS + "S: 454 4.7.0 no\n";
    try (ScriptedServer server = ScriptedServer.play(script + QUIT)) {
      Outcome outcome = probe(server, Depth.STARTTLS, LONG);
      assertThat(outcome.result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.STARTTLS, "454 4.7.0 no"));
      leavesCleanly(outcome, server.next());
    }
  }

  @Test
  void failsAtTlsWhenTheHandshakeDoes() {
    String script = STARTTLS + "S: 220 go\nraw: nonsense\nsilence";
    try (ScriptedServer server = ScriptedServer.play(script)) {
      assertThat(probe(server, Depth.STARTTLS, LONG).result())
          .isInstanceOfSatisfying(
              ProbeResult.Failed.class,
              failed -> assertThat(failed.step()).isIn(ProbeStep.TLS, ProbeStep.STARTTLS));
    }
  }

  @Test
  void refusesOctetsInjectedBeforeTls() {
    String script = STARTTLS + "S: 220 go\\r\\n250 evil\nsilence";
    try (ScriptedServer server = ScriptedServer.play(script)) {
      Outcome outcome = probe(server, Depth.RECIPIENT, LONG);
      assertThat(outcome.result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.STARTTLS, "spoke out of turn: 250 evil"));
      assertThat(said(outcome, Direction.TO_MEMBER)).endsWith("STARTTLS");
    }
  }

  @Test
  void reportsWhenTheCertificateExpires() {
    TestCertificate certificate = TestCertificate.valid(5);
    String script =
        STARTTLS
            + """
            S: 220 go
            starttls
            C: EHLO .*
            S: 250 mx
            C: MAIL.*
            S: 250 Ok
            C: RSET
            S: 250 Ok
            C: MAIL.*
            S: 250 Ok
            """;
    try (ScriptedServer server = ScriptedServer.play(script + QUIT, certificate)) {
      Outcome outcome = probe(server, Depth.SENDER, LONG);
      assertThat(outcome.certificates())
          .isNotNull()
          .satisfies(shown -> assertThat(shown.expires()).isEqualTo(certificate.expires()));
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Passed.class);
      Conversation wire = server.next();
      leavesCleanly(outcome, wire);
      sameAsOnTheWire(outcome, wire);
    }
  }

  @Test
  void isPressureOutsideWhenOnlyOutsideSendersAreRefused() {
    String script =
        INSIDE
            + "C: MAIL FROM:<probe@example.net>\nS: 452 4.3.1 Insufficient system resources\n"
            + QUIT;
    try (ScriptedServer server = ScriptedServer.play(script)) {
      Outcome outcome = probe(server, Depth.RECIPIENT, LONG);
      assertThat(outcome.result())
          .isEqualTo(
              new ProbeResult.Pressure(
                  PressureScope.OUTSIDE,
                  ProbeStep.OUTSIDE_SENDER,
                  "452 4.3.1 Insufficient system resources"));
      leavesCleanly(outcome, server.next());
    }
  }

  @Test
  void passesAMemberThatGreylists() {
    String greylisted = "S: 450 4.7.1 Greylisted, come back later\n";
    String script =
        HELLO
            + "C: MAIL.*\nS: 250 Ok\nC: RCPT.*\n"
            + greylisted
            + "C: RSET\nS: 250 Ok\nC: MAIL.*\nS: 250 Ok\nC: RCPT.*\n"
            + greylisted;
    try (ScriptedServer server = ScriptedServer.play(script + QUIT)) {
      Outcome outcome = probe(server, Depth.RECIPIENT, LONG);
      assertThat(outcome.result())
          .isEqualTo(
              new ProbeResult.Passed(
                  "recipient (inside recipient greylisted, outside recipient greylisted)"));
      leavesCleanly(outcome, server.next());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S: 220 mx", "S: 220 mx\nC: EHLO.*\nraw: 250-mx"})
  void aSilentMemberFailsAtItsStepInTime(String script) {
    try (ScriptedServer server = ScriptedServer.play(script + "\nsilence")) {
      Outcome outcome = probe(server, Depth.HELLO, SHORT);
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Failed.class);
      assertThat(outcome.result().reason()).endsWith(" in 300 ms");
      assertThat(server.next().cleanClose()).isTrue();
    }
  }

  @Test
  void aTricklingMemberCannotStretchTheDeadline() {
    try (ScriptedServer server = ScriptedServer.play("trickle: 220-aaaaaaaaaaaaaaaaaaaaaaaaaaaa")) {
      Outcome outcome = probe(server, Depth.HELLO, SHORT);
      assertThat(outcome.result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.BANNER, "reply not complete in 300 ms"));
    }
  }

  /** A write has no deadline; the owner's watch interrupts it. */
  @Test
  @Timeout(60)
  void aMemberThatNeverReadsFailsAtItsStepWhenTheProbeIsStopped() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Monitor monitor = Orders.smtp(Depth.HELLO, LONG, "x".repeat(32 << 20));
      Endpoint address = new Endpoint("127.0.0.1", server.getLocalPort());
      ProbeOrder order = Orders.to(address, monitor);
      BlockingQueue<Outcome> outcome = new LinkedBlockingQueue<>();
      Thread probe =
          Thread.ofVirtual()
              .start(() ->
                  outcome.add(
                      new SmtpProbe(new MachineClock(), new Issuers(Path.of("posthouse.yaml")))
                          .run(
                              order,
                              new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
                              "lb")));
      try (Socket peer = server.accept()) {
        peer.getOutputStream().write("220 mx\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(peer.getInputStream().read()).isEqualTo('E');
        probe.interrupt();
        assertThat(outcome.take().result())
            .isEqualTo(new ProbeResult.Failed(ProbeStep.HELLO, "did not finish within 60 s"));
      }
    }
  }

  @Test
  void aTricklingMemberCannotStretchTheTlsHandshake() {
    String script =
        STARTTLS
            + "S: 220 go\n"
            + "trickle: \u0016\u0003\u0003@\u0000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    try (ScriptedServer server = ScriptedServer.play(script)) {
      Outcome outcome = probe(server, Depth.STARTTLS, SHORT);
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Failed.class);
    }
  }

  @Test
  void aFloodingMemberCostsABoundedMemory() {
    try (ScriptedServer server = ScriptedServer.play("flood: 220-" + "x".repeat(400))) {
      Outcome outcome = probe(server, Depth.HELLO, LONG);
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Failed.class);
      assertThat(outcome.dialogue()).hasSizeLessThanOrEqualTo(201);
    }
  }

  @Test
  void talkingOutOfTurnFailsAndIsAnsweredByQuit() {
    try (ScriptedServer server = ScriptedServer.play("S: 220 mx\\r\\n250 hello\n" + QUIT)) {
      Outcome outcome = probe(server, Depth.HELLO, LONG);
      assertThat(outcome.result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.BANNER, "spoke out of turn: 250 hello"));
      leavesCleanly(outcome, server.next());
    }
  }

  @Test
  void anotherProtocolFailsWithItsText() {
    try (ScriptedServer server = ScriptedServer.play("S: +OK POP3\n" + QUIT)) {
      assertThat(probe(server, Depth.BANNER, LONG).result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.BANNER, "not an SMTP reply: +OK POP3"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "S: 220 mx\nreset", "S: 220 mx\nC: EHLO .*\nreset", "close"})
  void aMemberThatDiesFails(String script) {
    try (ScriptedServer server = ScriptedServer.play(script)) {
      assertThat(probe(server, Depth.HELLO, LONG).result()).isInstanceOf(ProbeResult.Failed.class);
    }
  }

  @Test
  void nobodyListeningFailsAtConnect() {
    ScriptedServer server = ScriptedServer.play("close");
    server.close();
    assertThat(probe(server, Depth.CONNECT, LONG).result())
        .isEqualTo(new ProbeResult.Failed(ProbeStep.CONNECT, "connection refused"));
  }

  @Test
  void connectDepthPassesASilentMember() {
    try (ScriptedServer server = ScriptedServer.play("silence")) {
      assertThat(probe(server, Depth.CONNECT, SHORT).result())
          .isEqualTo(new ProbeResult.Passed("connected"));
      assertThat(server.next().cleanClose()).isTrue();
    }
  }

  @Test
  void speaksOverIpv6() {
    try (ScriptedServer server = ScriptedServer.playOn("::1", HELLO + QUIT)) {
      Outcome outcome = probe(server, Depth.HELLO, LONG);
      assertThat(outcome.result()).isInstanceOf(ProbeResult.Passed.class);
      assertThat(outcome.dialogue().getFirst().text())
          .isEqualTo("connected to [::1]:" + server.port() + " from ::1");
    }
  }

  @Test
  void closesWithoutQuitAfter421() {
    try (ScriptedServer server = ScriptedServer.play("S: 421 4.3.2 going down\nclose")) {
      Outcome outcome = probe(server, Depth.HELLO, LONG);
      assertThat(outcome.result())
          .isEqualTo(
              new ProbeResult.Pressure(
                  PressureScope.ALL, ProbeStep.BANNER, "421 4.3.2 going down"));
      Conversation wire = server.next();
      assertThat(wire.received()).isEmpty();
      assertThat(wire.cleanClose()).isTrue();
    }
  }
}
