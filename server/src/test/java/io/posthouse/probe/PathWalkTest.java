package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.audit.MemberWay;
import io.posthouse.config.ConfigFile;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import io.posthouse.policy.ProbeSource;
import io.posthouse.testkit.FreePorts;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.ScriptedServer;
import io.posthouse.testkit.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a way to a member ends, whatever the member does. */
@Timeout(30)
class PathWalkTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  /** All that a member heard, connection by connection. */
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final List<String> came = new CopyOnWriteArrayList<>();

  private static MemberWay way(int port, String pool, String from, boolean smtp) {
    String text =
        """
        version: 1
        hostname: lb.example.net
        pools: { hub: { %s members: { ex1: "127.0.0.1:%d" } } }
        virtual-servers: { MAIL: { listen: 127.0.0.1:25, pool: hub, mode: %s } }
        """
            .formatted(pool, port, smtp ? "smtp" : "tcp");
    ConfigFile.Result result = ConfigFile.read("t.yaml", text);
    assertThat(result).as(result.problems().toString()).isInstanceOf(ConfigFile.Read.class);
    MemberWay way = MemberWay.all(((ConfigFile.Read) result).configuration()).getFirst();
    ProbeSource source =
        from.isEmpty() ? ProbeSource.AUTOMAP : new ProbeSource(InetAddress.ofLiteral(from));
    return new MemberWay(way.pool(), way.member(), way.address(), source, way.smtp(), way.who());
  }

  private static Attempt walk(MemberWay way) {
    return walk(way, Attempt.GREETING);
  }

  private static Attempt walk(MemberWay way, Duration patience) {
    return new PathWalk(Path.of("posthouse.yaml"), new MachineClock(), patience)
        .walk(way, new InetSocketAddress("127.0.0.1", way.address().port()));
  }

  /** By somebody who waits for no more than a moment. */
  private static Attempt shortly(int port) {
    return walk(way(port, "", "", true), SHORT);
  }

  private static Attempt walk(int port) {
    return walk(way(port, "", "", true));
  }

  /** Rules of the kernel name the port before there is a connection. */
  @Test
  void aPortThatIsHeldIsTheOneThatTheMemberSees() throws Exception {
    InetAddress own = InetAddress.ofLiteral("127.0.0.7");
    List<String> seen = new CopyOnWriteArrayList<>();
    try (LoopbackServer member =
        LoopbackServer.with(client -> {
          seen.add(client.getInetAddress().getHostAddress() + " " + client.getPort());
          client.getOutputStream().write("220 mx\r\n".getBytes(StandardCharsets.US_ASCII));
          heard.add(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        })) {
      PathWalk walk = new PathWalk(Path.of("posthouse.yaml"), new MachineClock());
      InetSocketAddress address = new InetSocketAddress("127.0.0.1", member.port());
      for (boolean smtp : new boolean[] {true, false}) {
        try (HeldPort held = walk.hold(own)) {
          int port = held.number();
          Attempt attempt = walk.walk(held, address, smtp);
          assertThat(attempt.end()).isEqualTo(smtp ? End.GREETED : End.CONNECTED);
          await().untilAsserted(() -> assertThat(seen).contains("127.0.0.7 " + port));
        }
      }
      await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("QUIT\r\n", ""));
    }
    try (HeldPort held = new PathWalk(Path.of("posthouse.yaml"), new MachineClock()).hold(own)) {
      assertThat(
              new PathWalk(Path.of("posthouse.yaml"), new MachineClock())
                  .walk(held, new InetSocketAddress("127.0.0.1", FreePorts.next()), true)
                  .end())
          .isEqualTo(End.REFUSED);
    }
  }

  /** A member that says something and then listens to the end. */
  private LoopbackServer says(String text) {
    return LoopbackServer.with(client -> {
      came.add(client.getInetAddress().getHostAddress());
      client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      heard.add(new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    });
  }

  @Test
  void itHearsTheGreetingSaysQuitAndNothingElse() {
    Attempt attempt;
    try (LoopbackServer member = says("220-mx\r\n220 ESMTP\r\n")) {
      attempt = walk(member.port());
      assertThat(member.accepted()).isOne();
    }
    assertThat(attempt.end()).isEqualTo(End.GREETED);
    assertThat(attempt.said()).isEqualTo("220 mx ESMTP");
    assertThat(attempt.connect()).isLessThan(Duration.ofSeconds(1));
    assertThat(heard).containsExactly("QUIT\r\n");
  }

  @ParameterizedTest
  @CsvSource({"421 4.3.2 closing, ''", "521 no, ''", "554 no, 'QUIT\r\n'", "450 later, 'QUIT\r\n'"})
  void aRefusalIsAGreetingToo(String greeting, String answer) {
    try (LoopbackServer member = says(greeting + "\r\n")) {
      assertThat(walk(member.port()).said()).isEqualTo(greeting);
    }
    assertThat(heard).containsExactly(answer);
  }

  @Test
  void itLeavesFromItsAddress() {
    try (LoopbackServer member = says("220 mx\r\n")) {
      assertThat(walk(way(member.port(), "", "127.0.7.9", true)).end()).isEqualTo(End.GREETED);
    }
    assertThat(came).containsExactly("127.0.7.9");
  }

  /** One of documentation, and one of the other family. */
  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.77", "::1"})
  void anAddressThatCannotBeUsedIsNoFaultOfTheMember(String from) {
    try (LoopbackServer member = says("220 mx\r\n")) {
      Attempt attempt = walk(way(member.port(), "", from, true));

      assertThat(attempt.end()).isEqualTo(End.CANNOT_LEAVE);
      assertThat(attempt.said()).contains(from);
      assertThat(member.accepted()).isZero();
    }
  }

  @Test
  void whoDoesNotListenRefuses() throws Exception {
    Attempt attempt = walk(FreePorts.next());

    assertThat(attempt.end()).isEqualTo(End.REFUSED);
    assertThat(attempt.said()).isEqualTo("connection refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "220", "220-mx\r\n", "220-mx\r\n220 mx"})
  void whoDoesNotFinishAGreetingIsSilent(String text) {
    try (LoopbackServer member = says(text)) {
      Attempt attempt = shortly(member.port());

      assertThat(attempt.end()).isEqualTo(End.SILENT);
      assertThat(attempt.waited()).isGreaterThanOrEqualTo(SHORT);
    }
    assertThat(heard).containsExactly("");
  }

  /** Octet after octet, each in time, never a whole greeting. */
  @Test
  void whoTricklesIsSilentInTheSameTime() {
    try (LoopbackServer member =
        LoopbackServer.with(client -> {
          client.setSoTimeout(20);
          for (int i = 0; i < 1000; i++) {
            client.getOutputStream().write('2');
            try {
              if (client.getInputStream().read() < 0) {
                return;
              }
            } catch (java.net.SocketTimeoutException pause) {
              // The next octet.
            }
          }
        })) {
      Attempt attempt = shortly(member.port());

      assertThat(attempt.end()).isIn(End.SILENT, End.NONSENSE);
      assertThat(attempt.waited()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void whoClosesOrResetsBeforeAWordIsTold() {
    try (LoopbackServer member = LoopbackServer.with(client -> {})) {
      assertThat(walk(member.port()).end()).isEqualTo(End.CLOSED);
    }
    try (LoopbackServer member =
        LoopbackServer.with(client -> {
          client.setSoTimeout(20);
          try {
            client.getInputStream().read();
          } catch (java.net.SocketTimeoutException pause) {
            LoopbackServer.reset(client);
          }
        })) {
      assertThat(walk(member.port()).end()).isEqualTo(End.RESET);
    }
  }

  /** Controls are escaped, and a line that never ends is cut. */
  @Test
  void whatIsNoSmtpComesOnOneShortLine() {
    try (LoopbackServer member = says("220 " + "\u0007\u001b[31mx".repeat(10_000))) {
      Attempt attempt = walk(member.port());
      assertThat(attempt.end()).isEqualTo(End.NONSENSE);
      assertThat(attempt.said().length()).isLessThanOrEqualTo(200);
    }
    try (LoopbackServer member = says("* OK \u001b[31m IMAP4\r\n")) {
      Attempt attempt = walk(member.port());
      assertThat(attempt.end()).isEqualTo(End.NONSENSE);
      assertThat(attempt.said()).doesNotContain("\u001b");
    }
    try (LoopbackServer member = says("220-more\r\n".repeat(5_000))) {
      assertThat(walk(member.port()).end()).isEqualTo(End.NONSENSE);
    }
  }

  @Test
  void whoNeverClosesIsLeftAfterASecond() {
    try (LoopbackServer member =
        LoopbackServer.with(client -> {
          client.getOutputStream().write("220 mx\r\n".getBytes(StandardCharsets.US_ASCII));
          client.getInputStream().readAllBytes();
          tricklesOn(client);
        })) {
      MachineClock clock = new MachineClock();
      long began = clock.nanos();

      assertThat(walk(member.port()).end()).isEqualTo(End.GREETED);
      assertThat(Duration.ofNanos(clock.nanos() - began)).isLessThan(Duration.ofSeconds(5));
    }
  }

  private static void tricklesOn(Socket client) throws IOException {
    while (!client.isClosed()) {
      client.getOutputStream().write('x');
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void aMemberThatIsToldItsClientsHearsAHeaderFirst() {
    try (LoopbackServer member = says("220 mx\r\n")) {
      assertThat(walk(way(member.port(), "announce: proxy-v1,", "127.0.7.9", true)).end())
          .isEqualTo(End.GREETED);
      assertThat(heard.getFirst())
          .matches(
              "PROXY TCP4 127\\.0\\.7\\.9 127\\.0\\.0\\.1 \\d+ %d\r\nQUIT\r\n"
                  .formatted(member.port()));
    }
  }

  /** It may be anything, and would not know what to do with QUIT. */
  @Test
  void whatIsNotKnownToSpeakSmtpHearsNothing() {
    try (LoopbackServer member = says("")) {
      assertThat(walk(way(member.port(), "", "", false)).end()).isEqualTo(End.CONNECTED);
    }
    assertThat(heard).containsExactly("");
  }

  @Test
  void whereTlsComesFirstTheGreetingComesInIt() throws Exception {
    String implicit = "tls: { mode: required, implicit: true },";
    try (ScriptedServer member =
        ScriptedServer.play("starttls\nS: 220 mx\nC: QUIT\nclose\n", TestCertificate.valid(30))) {
      assertThat(walk(way(member.port(), implicit, "", true)).said()).isEqualTo("220 mx");
    }
    try (LoopbackServer member = says("220 plain\r\n")) {
      Attempt attempt = walk(way(member.port(), implicit, "", true));
      assertThat(attempt.end()).isEqualTo(End.NO_TLS);
      assertThat(attempt.said()).contains("speaks in plain where TLS is due: 220 plain");
    }
  }

  @Test
  void aConnectIsAConnect() {
    PathWalk walk = new PathWalk(Path.of("posthouse.yaml"), new MachineClock());
    try (LoopbackServer member = says("220 mx\r\n")) {
      assertThat(walk.connect(new InetSocketAddress("127.0.0.1", member.port())).end())
          .isEqualTo(End.CONNECTED);
      assertThat(member.failures()).isEmpty();
    }
    assertThat(heard).containsExactly("");
    assertThat(walk.connect(new InetSocketAddress("127.0.0.1", FreePorts.next())).end())
        .isEqualTo(End.REFUSED);
  }
}
