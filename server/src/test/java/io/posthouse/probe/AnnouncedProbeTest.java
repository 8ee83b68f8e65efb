package io.posthouse.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.door.ProbeReport.Direction;
import io.posthouse.door.ProbeReport.Line;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.Announce;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.TlsVersion;
import io.posthouse.testkit.Conversation;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.ScriptedServer;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member that is told of its clients hears from probes, and where they come from. */
class AnnouncedProbeTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String HELLO =
      """
      S: 220 mx
      C: EHLO .*
      S: 250 mx
      C: QUIT
      S: 221 Bye
      close
      """;

  private static ProbeOrder order(ScriptedServer server, Monitor monitor, Announce announce) {
    return Orders.announced(Orders.to(server, monitor), announce);
  }

  private static Outcome ask(ProbeOrder order) {
    Resolver none =
        host -> {
          throw new UnknownHostException(host);
        };
    try (Probes probes = new Probes(none, Path.of("posthouse.yaml"), new MachineClock())) {
      return probes.ask(order, "lb.example.net");
    }
  }

  private static List<String> notes(Outcome outcome) {
    return outcome.dialogue().stream()
        .filter(line -> line.direction() == Direction.NOTE)
        .map(Line::text)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, TCP4 127.0.0.1 127.0.0.1", "::1, TCP6 0:0:0:0:0:0:0:1 0:0:0:0:0:0:0:1"})
  void proxyVersion1ComesFirstAndTellsTheTruth(String address, String addresses) {
    String script = "C: PROXY " + addresses + " [0-9]+ [0-9]+\n" + HELLO;
    try (ScriptedServer server = ScriptedServer.playOn(address, script)) {
      Outcome outcome = ask(order(server, Orders.smtp(Depth.HELLO, LONG), Announce.PROXY_V1));
      Conversation wire = server.next();
      assertThat(wire.problems()).isEmpty();
      assertThat(wire.cleanClose()).isTrue();
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(outcome.dialogue())
          .contains(new Line(Direction.TO_MEMBER, wire.linesReceived().getFirst()));
      assertThat(wire.linesReceived().getFirst()).endsWith(" " + server.port());
    }
  }

  @Test
  void proxyVersion2ComesFirstAndTellsTheTruth() {
    try (ScriptedServer server = ScriptedServer.play("octets: 28\n" + HELLO)) {
      ProbeOrder order = order(server, Orders.smtp(Depth.HELLO, LONG), Announce.PROXY_V2);
      Outcome outcome = ask(Orders.from("127.0.0.5", order));
      Conversation wire = server.next();
      assertThat(wire.problems()).isEmpty();
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("hello"));
      byte[] header = wire.received().substring(0, 28).getBytes(ISO_8859_1);
      assertThat(HexFormat.of().formatHex(header))
          .matches(
              "0d0a0d0a000d0a515549540a2111000c7f0000057f000001[0-9a-f]{4}%04x"
                  .formatted(server.port()));
      assertThat(notes(outcome))
          .anyMatch(
              note -> note.startsWith("sent in the binary form: PROXY TCP4 127.0.0.5 127.0.0.1 "));
    }
  }

  @Test
  void theHeaderComesBeforeImplicitTls() {
    String script = "C: PROXY TCP4 .*\nstarttls\n" + HELLO;
    MemberTls implicit =
        new MemberTls(Mode.REQUIRED, true, null, null, List.of(), TlsVersion.TLS_1_2);
    try (ScriptedServer server = ScriptedServer.play(script)) {
      ProbeOrder order =
          Orders.to(
              new Endpoint(server.host(), server.port()),
              Orders.smtp(Depth.HELLO, LONG),
              implicit,
              null);
      assertThat(ask(Orders.announced(order, Announce.PROXY_V1)).result())
          .isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(server.next().problems()).isEmpty();
    }
  }

  @Test
  void aTcpProbeSaysItToo() {
    try (ScriptedServer server = ScriptedServer.play("C: PROXY TCP4 .*\nclose")) {
      assertThat(ask(order(server, Orders.tcp(LONG), Announce.PROXY_V1)).result())
          .isEqualTo(new ProbeResult.Passed("connected"));
      Conversation wire = server.next();
      assertThat(wire.problems()).isEmpty();
      assertThat(wire.cleanClose()).isTrue();
    }
  }

  @Test
  void anotherPortThanTheMembersHearsNoHeader() {
    try (ScriptedServer server = ScriptedServer.play(HELLO)) {
      Monitor alias = Orders.smtp(Depth.HELLO, LONG, new Monitor.AliasPort(server.port()));
      ProbeOrder order = Orders.to(new Endpoint(server.host(), 465), alias);
      assertThat(ask(Orders.announced(order, Announce.PROXY_V1)).result())
          .isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(server.next().problems()).isEmpty();
    }
  }

  @Test
  void xclientSaysTheProbesOwnAddress() {
    String script =
        """
        S: 220 mx
        C: EHLO .*
        S: 250-mx\\r\\n250 XCLIENT NAME ADDR
        C: XCLIENT NAME=\\[UNAVAILABLE\\] ADDR=127\\.0\\.0\\.5
        """
            + HELLO;
    try (ScriptedServer server = ScriptedServer.play(script)) {
      ProbeOrder order = order(server, Orders.smtp(Depth.HELLO, LONG), Announce.XCLIENT);
      assertThat(ask(Orders.from("127.0.0.5", order)).result())
          .isEqualTo(new ProbeResult.Passed("hello"));
      assertThat(server.next().problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "::1"})
  void anAddressThatIsNotOursIsOurOwnFault(String source) {
    try (ScriptedServer server = ScriptedServer.play(HELLO)) {
      for (Monitor monitor : List.of(Orders.smtp(Depth.HELLO, LONG), Orders.tcp(LONG))) {
        assertThat(ask(Orders.from(source, Orders.to(server, monitor))).result())
            .isInstanceOfSatisfying(
                ProbeResult.Inconclusive.class,
                result -> {
                  assertThat(result.step()).isEqualTo(ProbeStep.SOURCE);
                  assertThat(result.reason()).contains(source);
                });
      }
      assertThat(server.finished()).isZero();
    }
  }
}
