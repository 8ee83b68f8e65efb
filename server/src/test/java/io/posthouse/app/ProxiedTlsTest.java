package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedDns;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Implicit TLS behind a peer that speaks for others, while edge checks keep the client waiting:
 * what stands behind the header comes before TLS can begin.
 */
@ExtendWith(NoLeaks.class)
final class ProxiedTlsTest {
  private static final String HEADER = "PROXY TCP4 192.0.2.7 192.0.2.1 4711 465\r\n";
  private static final String QUESTION = "7.2.0.192.zen.example.org";

  @TempDir Path directory;
  private final ScriptedDns dns = ScriptedDns.start();
  private final HandClock clock = new HandClock();

  @BeforeEach
  void slowDns() {
    dns.ignores(QUESTION);
  }

  @AfterEach
  void end() {
    dns.close();
  }

  @Test
  void aHandshakeThatComesWithTheHeaderIsDoneWhenTheClientIsLetIn() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member);
        Socket front = connect(house)) {
      Thread gate = Thread.ofVirtual().start(this::open);
      Socket secure =
          AnyCertificate.context().getSocketFactory().createSocket(front, "lb", 465, true);
      assertThat(RunningHouse.line(secure)).startsWith("220 ");
      assertThat(RunningHouse.say(secure, "NOOP")).startsWith("250 ");
      secure.close();
      gate.join();
      await().untilAsserted(() -> assertThat(house.log()).contains("tls=TLSv1.3"));
    }
  }

  @Test
  void plainLinesBehindTheHeaderEndTheLinkAndReachNoMember() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member);
        Socket front = connect(house)) {
      front
          .getOutputStream()
          .write(
              "EHLO evil\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.net>\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      open();
      assertEnded(front);
      await().untilAsserted(() -> assertThat(house.log()).contains("end=no-tls"));
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(member.verbs()).isEmpty();
    }
  }

  /** What an attacker in between put in front of the handshake of another. */
  @Test
  void plainLinesInFrontOfAHandshakeAreNotTakenForWhatTheClientSaysInside() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member);
        Socket front = connect(house, HEADER + "EHLO evil\r\nMAIL FROM:<evil@example.org>\r\n")) {
      Thread gate = Thread.ofVirtual().start(this::open);
      assertThatThrownBy(() ->
              RunningHouse.line(
                  AnyCertificate.context().getSocketFactory().createSocket(front, "lb", 465, true)))
          .isInstanceOf(IOException.class);
      gate.join();
      await().untilAsserted(() -> assertThat(house.log()).contains("end=no-tls"));
      assertThat(member.verbs()).isEmpty();
    }
  }

  @Test
  void aClientThatEndsBehindHalfAHandshakeLeavesNothing() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member);
        Socket front = connect(house)) {
      front.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      front.shutdownOutput();
      open();
      assertEnded(front);
      await().until(() -> house.server("mail").links().open() == 0);
      await().untilAsserted(() -> assertThat(house.log()).contains("messages=0"));
    }
  }

  /** The question that nobody answers has been waited for long enough. */
  private void open() {
    await().until(() -> dns.asked().contains(QUESTION + " A"));
    clock.advance(Duration.ofSeconds(6));
  }

  private static void assertEnded(Socket socket) throws IOException {
    try {
      while (socket.getInputStream().read() >= 0) {} // An alert may come first.
    } catch (java.net.SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  private RunningHouse start(SmtpMember member) throws Exception {
    Path pem = directory.resolve("mail.pem");
    Files.writeString(pem, TestAuthority.named("tests").issue(Kind.EC, "lb.example.net").pem());
    return RunningHouse.start(
        directory,
        """
        dns: { resolvers: ["127.0.0.1:%d"] }
        data-groups: { front: [127.0.0.9] }
        client-classes: { rest: { from: any, relay: server } }
        edge-checks: { internet: { timeout: 5s, dns-lists: { lists: { zen.example.org: 2 } } } }
        pools: { hub: { members: { ex1: 127.0.0.1:%d } } }
        virtual-servers:
          mail:
            listen: 127.0.0.1:0
            pool: hub
            classes: [rest]
            edge-checks: internet
            believe: { proxy: [front] }
            tls: { implicit: true, certificate: %s }
        """
            .formatted(dns.port(), member.port(), pem),
        clock);
  }

  private static Socket connect(RunningHouse house) throws IOException {
    return connect(house, HEADER);
  }

  private static Socket connect(RunningHouse house, String header) throws IOException {
    Socket socket = new Front(header);
    socket.bind(new InetSocketAddress("127.0.0.9", 0));
    socket.setSoTimeout(10_000);
    socket.connect(
        new InetSocketAddress(house.address("mail").host(), house.address("mail").port()), 10_000);
    return socket;
  }

  /** Whose header goes in one write with what is written first. */
  private static final class Front extends Socket {
    private byte[] header;

    Front(String header) {
      this.header = header.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] octets, int from, int count) throws IOException {
          byte[] all = Arrays.copyOf(header, header.length + count);
          System.arraycopy(octets, from, all, header.length, count);
          header = new byte[0];
          out.write(all);
        }
      };
    }
  }
}
