package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.StoringServer;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of clients in mode smtp. */
@ExtendWith(NoLeaks.class)
final class ClientTlsTest {
  @TempDir Path directory;
  private StoringServer member;

  @BeforeEach
  void certificate() throws IOException {
    Files.writeString(
        directory.resolve("mail.pem"),
        TestAuthority.named("tests").issue(Kind.EC, "lb.example.net").pem());
    member = new StoringServer("m1", Duration.ZERO);
  }

  @AfterEach
  void close() {
    member.close();
  }

  private RunningHouse house(String tls) throws Exception {
    return RunningHouse.start(directory, text(tls));
  }

  private String text(String tls) {
    return """
    pools: { hub: { members: { m1: "127.0.0.1:%d" } } }
    virtual-servers:
      mail:
        listen: "127.0.0.1:0"
        pool: hub
        tls: { certificate: %s, %s }
    """
        .formatted(member.port(), directory.resolve("mail.pem"), tls);
  }

  @ParameterizedTest
  @ValueSource(strings = {"starttls: optional", "starttls: required"})
  void messagesOfOneLinkPassInsideStartTls(String tls) throws Exception {
    try (RunningHouse house = house(tls);
        MailLink link = MailLink.withStartTls(house)) {
      for (int i = 0; i < 3; i++) {
        assertThat(link.send("a" + i + "@example.org")).startsWith("250");
      }
      assertThat(link.say("QUIT")).startsWith("221");
      assertThat(member.stored()).hasSize(3);
      await().untilAsserted(() -> assertThat(house.log()).contains("end=quit", "tls=TLSv1.3"));
    }
  }

  @Test
  void startTlsInsideTlsEndsTheLink() throws Exception {
    try (RunningHouse house = house("starttls: optional");
        MailLink link = MailLink.withStartTls(house)) {
      assertThat(link.say("STARTTLS")).startsWith("421 4.7.0");
      assertEnded(link.socket());
    }
  }

  @Test
  void messagesPassInsideImplicitTls() throws Exception {
    try (RunningHouse house = house("implicit: true");
        MailLink link = MailLink.overTls(house)) {
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("250");
      assertThat(member.stored()).hasSize(1);
    }
  }

  @Test
  void whereTlsIsRequiredNothingPassesInPlain() throws Exception {
    try (RunningHouse house = house("starttls: required");
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.say("MAIL FROM:<a@example.org>")).startsWith("530 5.7.0");
      link.startTls();
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("250");
    }
  }

  @Test
  void aBodyPassesUnchangedHoweverItIsSplit() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder body = new StringBuilder();
    while (body.length() < 1 << 20) {
      body.append("line ").append(random.nextLong()).append("\r\n");
    }
    try (RunningHouse house = house("starttls: optional");
        MailLink link = MailLink.withStartTls(house)) {
      link.say("MAIL FROM:<a@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.say("DATA");
      for (int at = 0; at < body.length(); ) {
        int next = Math.min(body.length(), at + 1 + random.nextInt(40_000));
        link.write(body.substring(at, next));
        at = next;
      }
      link.write(".\r\n");
      assertThat(link.reply()).startsWith("250");
      assertThat(member.stored().getFirst().body()).isEqualTo(body.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAIL FROM:<evil@example.org>\r\n",
        "EHLO evil\r\nMAIL FROM:<evil@example.org>\r\n",
        "\r\n",
        "x"
      })
  void whatStandsBehindStartTlsIsNotDoneAndEndsTheLink(String behind) throws Exception {
    try (RunningHouse house = house("starttls: optional");
        MailLink link = MailLink.greeted(house)) {
      link.write("STARTTLS\r\n" + behind);
      assertThat(link.reply()).startsWith("421 4.7.0");
      assertEnded(link.socket());
      link.socket().close();
      await().untilAsserted(() -> assertThat(house.log()).contains("end=plain-behind-starttls"));
      assertThat(member.stored()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatFollowsTheAnswerInPlainIsNotDoneAndEndsTheLink(boolean octetByOctet) throws Exception {
    try (RunningHouse house = house("starttls: optional");
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.say("STARTTLS")).startsWith("220");
      String injected = "MAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.net>\r\n";
      writeTolerantly(link, injected, octetByOctet);
      assertEnded(link.socket());
      await().untilAsserted(() -> assertThat(house.log()).contains("end=no-tls"));
    }
  }

  private static void writeTolerantly(MailLink link, String text, boolean octetByOctet)
      throws IOException {
    try {
      for (String part : octetByOctet ? text.split("") : new String[] {text}) {
        link.write(part);
      }
    } catch (SocketException alreadyClosed) {
      // So much the better.
    }
  }

  @Test
  void aPlainClientOnAnImplicitPortIsClosed() throws Exception {
    try (RunningHouse house = house("implicit: true");
        Socket plain = house.connect("mail")) {
      plain.getOutputStream().write("EHLO plain.example\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEnded(plain);
      await().untilAsserted(() -> assertThat(house.log()).contains("end=no-tls"));
    }
  }

  @Test
  void aTlsClientOnAPlainPortIsClosed() throws Exception {
    try (RunningHouse house = house("starttls: optional");
        MailLink link = MailLink.to(house)) {
      link.write("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc");
      assertThat(link.reply()).startsWith("421 4.7.0");
      assertEnded(link.socket());
    }
  }

  @ParameterizedTest
  @CsvSource({"implicit: true, ''", "starttls: optional, STARTTLS"})
  void aHandshakeThatIsNeverFinishedEndsInTime(String tls, String first) throws Exception {
    HandClock clock = new HandClock();
    try (RunningHouse house =
            RunningHouse.start(directory, text(tls + ", handshake-timeout: 20s"), clock);
        Socket slow = house.connect("mail")) {
      if (!first.isEmpty()) {
        RunningHouse.line(slow);
        assertThat(RunningHouse.say(slow, first)).startsWith("220");
      }
      slow.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      await().until(() -> house.server("mail").links().open() == 1);
      clock.advance(Duration.ofSeconds(19));
      slow.setSoTimeout(200);
      assertThatThrownBy(() -> slow.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      slow.setSoTimeout(10_000);
      clock.advance(Duration.ofSeconds(2));
      assertEnded(slow);
      await().untilAsserted(() -> assertThat(house.log()).contains("end=client-timeout"));
    }
  }

  @Test
  void halfAHandshakeAndAnEndIsAnEnd() throws Exception {
    try (RunningHouse house = house("implicit: true");
        Socket half = house.connect("mail")) {
      half.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      half.shutdownOutput();
      assertEnded(half);
      await().untilAsserted(() -> assertThat(house.server("mail").links().open()).isZero());
    }
  }

  @Test
  void aRefusalAtTheGreetingIsSaidInsideTls() throws Exception {
    String limited = text("implicit: true") + "    max-connections: 1\n";
    try (RunningHouse house = RunningHouse.start(directory, limited);
        MailLink first = MailLink.overTls(house)) {
      assertThat(first.say("NOOP")).startsWith("250");
      Socket second = house.connect("mail");
      Socket secure =
          AnyCertificate.context().getSocketFactory().createSocket(second, null, 25, true);
      assertThat(RunningHouse.line(secure)).startsWith("421");
      assertEnded(secure);
    }
  }

  /** It comes to an end, be it a reset. */
  private static void assertEnded(Socket socket) throws IOException {
    try {
      int octet;
      do {
        octet = socket.getInputStream().read(); // An alert may come first.
      } while (octet >= 0);
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }
}
