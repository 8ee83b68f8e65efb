package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedServer;
import io.posthouse.testkit.StoringServer;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TLS of members in mode smtp. The good member is a Posthouse of its own that speaks TLS, before a
 * server that stores.
 */
@ExtendWith(NoLeaks.class)
final class MemberTlsTest {
  @TempDir Path directory;
  private StoringServer store;

  @BeforeEach
  void certificates() throws IOException {
    TestAuthority authority = TestAuthority.named("tests");
    write("ca.pem", authority.pem());
    write("good.pem", authority.issue(Kind.EC, "mx.example.net").pem());
    write("expired.pem", authority.issue(Kind.EC, Duration.ofDays(-1), "mx.example.net").pem());
    write("named.pem", authority.issue(Kind.EC, "other.example.net").pem());
    write("foreign.pem", TestAuthority.named("foreign").issue(Kind.EC, "mx.example.net").pem());
    store = new StoringServer("store", Duration.ZERO);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A member that shows a certificate. */
  private RunningHouse member(String certificate, String tls) throws Exception {
    Path its = Files.createTempDirectory(directory, "member");
    return RunningHouse.start(
        its,
        """
        pools: { store: { members: { s: "127.0.0.1:%d" } } }
        virtual-servers:
          mail:
            listen: "127.0.0.1:0"
            pool: store
            tls: { certificate: %s, %s }
        """
            .formatted(store.port(), directory.resolve(certificate), tls));
  }

  private RunningHouse house(String tls, String members) throws Exception {
    return RunningHouse.start(
        Files.createTempDirectory(directory, "house"),
        """
        pools: { hub: { tls: %s, members: { %s } } }
        virtual-servers: { mail: { listen: "127.0.0.1:0", pool: hub } }
        """
            .formatted(tls, members));
  }

  private static String at(int port) {
    return "\"127.0.0.1:" + port + "\"";
  }

  private String verified() {
    return "{ mode: verified, name: mx.example.net, ca: %s }"
        .formatted(directory.resolve("ca.pem"));
  }

  @ParameterizedTest
  @CsvSource({
    "optional, starttls: required",
    "required, starttls: required",
    "'{ mode: required, implicit: true }', implicit: true"
  })
  void messagesReachAMemberInsideTlsAndTheConnectionServesThemAll(String tls, String its)
      throws Exception {
    try (RunningHouse member = member("good.pem", its);
        RunningHouse house = house(tls, "m: " + at(member.address("mail").port()));
        MailLink link = MailLink.greeted(house);
        MailLink other = MailLink.to(house)) {
      for (int i = 0; i < 3; i++) {
        assertThat(link.send("a@example.org")).startsWith("250");
      }
      assertThat(member.server("mail").links().total()).as("connections").isEqualTo(1);
      other.say("HELO other.example.net");
      assertThat(other.send("b@example.org")).startsWith("250");
      await().untilAsserted(() -> assertThat(house.log()).contains("member-tls=TLSv1.3"));
      assertThat(store.stored()).hasSize(4);
      assertThat(store.stored().getLast().hello()).isEqualTo("HELO other.example.net");
    }
  }

  @Test
  void aMemberWhoseCertificateIsItsOwnIsVerified() throws Exception {
    try (RunningHouse member = member("good.pem", "starttls: required");
        RunningHouse house = house(verified(), "m: " + at(member.address("mail").port()));
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.send("a@example.org")).startsWith("250");
    }
  }

  @ParameterizedTest
  @CsvSource({"expired.pem, expired", "named.pem, other.example.net", "foreign.pem, issuer"})
  void aWrongCertificateGetsNoMailAndTheNextMemberDoes(String certificate, String why)
      throws Exception {
    try (RunningHouse wrong = member(certificate, "starttls: required");
        RunningHouse good = member("good.pem", "starttls: required");
        RunningHouse house =
            house(
                verified(),
                "wrong: { address: %s, priority: 1 }, good: { address: %s, priority: 2 }"
                    .formatted(at(wrong.address("mail").port()), at(good.address("mail").port())));
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.send("a@example.org")).startsWith("250");
      await().untilAsserted(() -> assertThat(house.log()).contains("tls at tls").contains(why));
      assertThat(store.stored()).hasSize(1);
      assertThat(wrong.log()).doesNotContain(" message ");
    }
  }

  @Test
  void whereEveryCertificateIsWrongTheMessageWaitsForBetterTimes() throws Exception {
    try (RunningHouse wrong = member("expired.pem", "starttls: optional");
        RunningHouse house = house(verified(), "m: " + at(wrong.address("mail").port()));
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.say("MAIL FROM:<a@example.org>")).startsWith("451");
      assertThat(store.stored()).isEmpty();
    }
  }

  @Test
  void threeHandshakesThatFailTakeAMemberDown() throws Exception {
    try (RunningHouse wrong = member("expired.pem", "starttls: optional");
        RunningHouse house = house(verified(), "m: " + at(wrong.address("mail").port()));
        MailLink link = MailLink.greeted(house)) {
      for (int i = 0; i < 3; i++) {
        link.say("MAIL FROM:<a@example.org>");
        link.say("RSET");
      }
      await()
          .untilAsserted(
              () -> assertThat(house.member("hub", "m").reason()).contains("tls at tls"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"required", "verified"})
  void aMemberThatOffersNoStartTlsGetsNothing(String tls) throws Exception {
    try (RunningHouse house = house(tls, "m: " + at(store.port()));
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.say("MAIL FROM:<a@example.org>")).startsWith("451 4.3.2");
      assertThat(store.stored()).isEmpty();
      await().untilAsserted(() -> assertThat(house.log()).contains("it does not offer STARTTLS"));
    }
  }

  @Test
  void aMemberThatOffersNoneWhereItNeedNotGetsMailInPlain() throws Exception {
    try (RunningHouse house = house("optional", "m: " + at(store.port()));
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.send("a@example.org")).startsWith("250");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "S: 220 go\\r\\n250 mx\\r\\n250 ok\\r\\n250 ok\\r\\n354 go\\r\\n250 taken",
        "S: 220 go\nS: 250 mx\nS: 250 ok\nS: 250 ok\nS: 354 go\nS: 250 taken"
      })
  void repliesBehindTheAnswerToStartTlsAnswerNothing(String injection) throws Exception {
    String script =
        """
        S: 220 evil
        C: EHLO .*
        S: 250-evil\\r\\n250 STARTTLS
        C: STARTTLS
        %s
        """
            .formatted(injection);
    try (ScriptedServer evil = ScriptedServer.play(script);
        RunningHouse good = member("good.pem", "starttls: required");
        RunningHouse house =
            house(
                "required",
                "evil: { address: %s, priority: 1 }, good: { address: %s, priority: 2 }"
                    .formatted(at(evil.port()), at(good.address("mail").port())));
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.send("a@example.org")).startsWith("250 2.0.0 Ok");
      assertThat(store.stored()).hasSize(1);
      assertThat(evil.next().received()).doesNotContain("MAIL");
    }
  }
}
