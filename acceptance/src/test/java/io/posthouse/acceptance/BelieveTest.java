package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is listed speaks for its clients; what anybody else says of them goes nowhere. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BelieveTest {
  private static final String V1 = "PROXY TCP4 192.0.2.1 127.0.0.1 4711 25\r\n";
  private static final String V2 = "\r\n\r\n\0\r\nQUIT\n!\21\0\f\300\0\2\1\177\0\0\1\22g\0\31";

  private final int open = Ports.free();
  private final int proxied = Ports.free();
  private final Lab lab;
  private final Postfix postfix;
  private final Posthouse posthouse;

  BelieveTest(Lab lab) {
    this.lab = lab;
    postfix = lab.postfix("postfix", "smtpd_authorized_xclient_hosts = 127.0.0.1");
    posthouse =
        lab.posthouse(
            new Config()
                .smtp("line-ends: reject")
                .listen("127.0.0.1:" + open)
                .pool("announce: xclient")
                .member(postfix)
                .block("data-groups", "{ front: [127.0.0.8] }")
                .furtherServer(
                    "PROXY_VS",
                    "pool: hub, listen: \"127.0.0.1:%d\", believe: { proxy: [front] }"
                        .formatted(proxied)));
  }

  @ParameterizedTest
  @ValueSource(strings = {V1, V2})
  void aForgedProxyHeaderEndsTheLink(String header) throws IOException {
    long before = came();
    try (Talk forger = Talk.to("127.0.0.1", open)) {
      forger.send(header + "EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n");
      List<String> heard = forger.rest();
      assertThat(heard).anyMatch(line -> line.startsWith("421 4.7.0 "));
      assertThat(heard).noneMatch(line -> line.startsWith("2"));
    }
    assertThat(came()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {V1, V2})
  void aPeerThatIsNotListedIsNotReadAtAll(String header) throws IOException {
    long before = came();
    int told = posthouse.log("end=not-believed").size();
    try (Talk forger = Talk.silently("127.0.0.1", proxied)) {
      forger.send(header);
      assertThat(forger.rest()).noneMatch(line -> line.matches("\\d.*"));
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
    await("it is in the log")
        .atMost(Duration.ofSeconds(10))
        .until(() -> posthouse.log("end=not-believed").size() == told + 1);
    assertThat(came()).isEqualTo(before);
  }

  @Test
  void aForgedXclientIsRefusedAndChangesNothing() throws IOException {
    try (Talk forger = Talk.to("127.0.0.1", open)) {
      assertThat(forger.hello()).noneMatch(line -> line.contains("XCLIENT"));
      forger.ask("XCLIENT ADDR=192.0.2.1 NAME=trusted.example", "550 5.7.0 ");
      forger.mail("a@client.example", "b@member.example", "forged@client.example");
      forger.ask("QUIT", "221");
    }
    await("it is in its log")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(postfix.clients()).containsEntry("forged@client.example", "127.0.0.1"));
    assertThat(postfix.log()).noneMatch(line -> line.contains("192.0.2.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
  void haproxyInFrontSpeaksForItsClients(String how) throws IOException {
    int front = Ports.free();
    Path file =
        Files.writeString(
            lab.folder().resolve(how + ".cfg"),
            """
            defaults
              mode tcp
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            listen mail
              bind 127.0.0.1:%d
              server posthouse 127.0.0.1:%d source 127.0.0.8 %s check check-send-proxy
            """
                .formatted(front, proxied, how),
            StandardCharsets.US_ASCII);
    lab.daemon(how, "haproxy", "-db", "-f", file.toString());
    Talk.awaitBanner("127.0.0.1", front, Duration.ofSeconds(20));
    for (String client : new String[] {"127.0.9.1", "127.0.9.2"}) {
      Commands.run(
              "swaks",
              "--local-interface",
              client,
              "--server",
              "127.0.0.1:" + front,
              "--from",
              "a@client.example",
              "--to",
              "b@member.example",
              "--header",
              "Message-Id: <%s.%s@client.example>".formatted(how, client))
          .good();
    }
    await("it is in its log")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(postfix.clients())
                .containsEntry(how + ".127.0.9.1@client.example", "127.0.9.1")
                .containsEntry(how + ".127.0.9.2@client.example", "127.0.9.2"));
  }

  /** Connections to the member so far. */
  private long came() {
    return postfix.log().stream().filter(line -> line.contains("]: connect from ")).count();
  }
}
