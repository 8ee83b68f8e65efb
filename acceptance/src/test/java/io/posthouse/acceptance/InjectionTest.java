package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is said in plain where TLS begins, by clients and by members, is never taken as said in TLS.
 */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InjectionTest {
  private static final String INJECTED =
      """
      EHLO evil.example
      MAIL FROM:<evil@evil.example>
      RCPT TO:<b@peers.example>
      DATA
      Message-Id: <evil@acceptance.test>

      injected
      .
      """
          .replace("\n", "\r\n");

  /** The beginning of a ClientHello: the header of a record of 512 octets, and little of it. */
  private static final String HALF_A_HELLO =
      "\u0016\3\1\2\0\1\0\1\u00fc\3\3abcdefghijklmnopqrstuvwxyz";

  private final int port = Ports.free();
  private final int implicitPort = Ports.free();
  private final Config config = new Config();
  private final Postfix member;
  private final Posthouse posthouse;

  InjectionTest(Lab lab) {
    Authority authority = new Authority(lab);
    member = lab.postfix("mx1", authority.issue("mx1.acceptance.test").postfix());
    String ours = authority.issue("balancer.acceptance.test").yaml();
    config
        .member(member)
        .smtp("line-ends: reject")
        .tls("starttls: optional, " + ours)
        .listen("127.0.0.1:" + port)
        .pool("tls: required")
        .furtherServer(
            "implicit",
            "mode: smtp, pool: hub, listen: [\"127.0.0.1:%d\"], tls: { implicit: true, %s }"
                .formatted(implicitPort, ours));
    posthouse = lab.posthouse(config);
  }

  /** Nothing injected came through, and a good client is served. */
  @AfterEach
  void theMemberSawNothingOfIt() throws IOException {
    String id = "good." + System.nanoTime() + "@acceptance.test";
    try (Talk talk = Talk.to("127.0.0.1", port).startTls()) {
      talk.hello();
      talk.mail(SecureClients.FROM, SecureClients.TO, id);
      talk.ask("QUIT", "221");
    }
    assertThat(member.taken(id)).isEqualTo(1);
    assertThat(member.log()).noneMatch(line -> line.contains("evil"));
    await("no link is left")
        .atMost(Duration.ofSeconds(40))
        .until(() -> posthouse.virtualServer().get("links").get("open").asInt() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "EHLO client.example\r\n"})
  void commandsInThePacketOfStartTlsEndTheLink(String before) throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", port)) {
      if (before.isEmpty()) {
        talk.hello();
      }
      talk.send(before + "STARTTLS\r\n" + INJECTED);
      assertNothingTaken(talk.rest());
    }
    await("it is told")
        .atMost(Duration.ofSeconds(10))
        .until(() -> !posthouse.log("end=plain-behind-starttls").isEmpty());
  }

  @Test
  void commandsBehindTheAnswerEndTheLink() throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", port)) {
      talk.hello();
      talk.ask("STARTTLS", "220");
      talk.send(INJECTED);
      assertNothingTaken(talk.rest());
    }
  }

  @Test
  void commandsOctetByOctetEndTheLink() throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", port)) {
      talk.hello();
      talk.sendInOctets("STARTTLS\r\n" + INJECTED);
      assertNothingTaken(talk.rest());
    }
  }

  /**
   * The answers are those to EHLO and STARTTLS, or to the octets behind it; then there is no SMTP.
   */
  private static void assertNothingTaken(List<String> lines) {
    assertThat(lines)
        .noneMatch(line -> line.startsWith("354"))
        .noneMatch(line -> line.contains("2.1.0") || line.contains("2.1.5"));
    assertThat(lines.stream().filter(line -> line.matches("250 .*")).count())
        .isLessThanOrEqualTo(1);
  }

  @Test
  void halfAHelloAndTheEndOfTheClientEndTheLink() throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", port)) {
      talk.hello();
      talk.ask("STARTTLS", "220");
      talk.send(HALF_A_HELLO);
      talk.endSending();
      assertNothingTaken(talk.rest());
    }
  }

  @Test
  void startTlsInTlsEndsTheLink() throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", port).startTls()) {
      assertThat(talk.hello()).noneMatch(line -> line.contains("STARTTLS"));
      talk.ask("STARTTLS", "421");
      assertNothingTaken(talk.rest());
    }
  }

  @Test
  void aPlainClientOnTheImplicitPortIsNotServed() throws IOException {
    try (Talk talk = Talk.silently("127.0.0.1", implicitPort)) {
      talk.send(INJECTED);
      assertThat(talk.rest()).noneMatch(line -> line.matches("\\d\\d\\d[ -].*"));
    }
  }

  @Test
  void aTlsClientOnThePlainPortIsNotServed() {
    assertThat(
            Commands.run(
                    "openssl", "s_client", "-connect", "127.0.0.1:" + port, "-verify_return_error")
                .out())
        .contains("Cipher is (NONE)");
    await("it is told")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(posthouse.log("end=")).anyMatch(line -> line.contains("messages=0")));
  }

  /** Replies behind the 220 of a member: it is left, and the mail goes to the other, once. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void repliesBehindThe220OfAMemberAreNotTaken(boolean onePacket) throws IOException {
    try (InjectingMember bad = new InjectingMember(onePacket)) {
      posthouse.write(config.member("bad", '"' + bad.address() + '"').text());
      posthouse.hangUp();
      for (int i = 0; i < 6; i++) {
        String id = "reply." + onePacket + "." + i + "@acceptance.test";
        try (Talk talk = Talk.to("127.0.0.1", port).startTls()) {
          talk.hello();
          assertThat(talk.mail(SecureClients.FROM, SecureClients.TO, id)).contains("queued as");
          talk.ask("QUIT", "221");
        }
        assertThat(member.taken(id)).isEqualTo(1);
      }
      assertThat(bad.injections()).isPositive();
      assertThat(bad.heardBehind()).noneMatch(line -> line.matches("(?i)(MAIL|RCPT|DATA|EHLO).*"));
    } finally {
      posthouse.write(config.notMember("bad").text());
      posthouse.hangUp();
    }
  }
}
