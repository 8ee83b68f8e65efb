package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.model.AdminState;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedServer;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** AUTH in mode smtp. The members are scripts; the client's link is inside TLS. */
@ExtendWith(NoLeaks.class)
final class LoginLinkTest {
  private static final String SECRET = "AGFsaWNlAHMzY3JldA==";

  /** A member that is heard once, so that it is known what it offers. */
  private static final String MAIL =
      """
      C: MAIL FROM:<.*
      S: 250 ok
      C: RCPT TO:<.*
      S: 250 ok
      C: DATA
      S: 354 go
      C: Subject: test
      C:
      C: a line
      C: \\.
      S: 250 taken
      """;

  private static final String GREETED =
      """
      S: 220 m
      C: EHLO client.example.net
      S: 250-m\\r\\n250 AUTH PLAIN LOGIN EXTERNAL SCRAM-SHA-1-PLUS
      """;

  @TempDir Path directory;

  @BeforeEach
  void certificate() throws IOException {
    Files.writeString(
        directory.resolve("mail.pem"),
        TestAuthority.named("tests").issue(Kind.EC, "lb.example.net").pem());
  }

  private RunningHouse house(ScriptedServer member) throws Exception {
    return RunningHouse.start(
        directory,
        """
        pools:
          hub:
            auth-over-plain: true
            reuse: { idle-connections: 0 }
            members: { m: "127.0.0.1:%d" }
        virtual-servers:
          mail: { listen: "127.0.0.1:0", pool: hub, tls: { certificate: mail.pem } }
        """
            .formatted(member.port()));
  }

  /** A link inside TLS; the member has been heard by an earlier message. */
  private static MailLink learnt(RunningHouse house, ScriptedServer member) throws IOException {
    try (MailLink first = MailLink.greeted(house)) {
      first.send("a@example.org");
    }
    member.next();
    return MailLink.withStartTls(house);
  }

  @Test
  void aLoginPinsItsLinkAndAllItsMailGoesOverOneConnection() throws Exception {
    String script =
        GREETED + "C: AUTH PLAIN " + SECRET + "\nS: 235 2.7.0 welcome\n" + MAIL + MAIL + "C: QUIT";
    try (ScriptedServer member = ScriptedServer.play(script);
        RunningHouse house = house(member);
        MailLink link = learnt(house, member)) {
      link.write("EHLO client.example.net\r\n");
      assertThat(lines(link)).contains("AUTH PLAIN LOGIN");
      assertThat(link.say("AUTH PLAIN " + SECRET)).isEqualTo("235 2.7.0 welcome");
      assertThat(link.send("a@example.org")).isEqualTo("250 taken");
      assertThat(link.send("b@example.org")).isEqualTo("250 taken");
      assertThat(link.say("QUIT")).startsWith("221");
      assertThat(member.next().problems()).isEmpty();
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("client logged in", "mechanism=PLAIN")
                  .doesNotContain(SECRET)
                  .doesNotContain("alice"));
    }
  }

  private static String lines(MailLink link) throws IOException {
    StringBuilder all = new StringBuilder();
    String line;
    do {
      line = RunningHouse.line(link.socket());
      all.append(line).append('\n');
    } while (line.charAt(3) == '-');
    return all.toString();
  }

  @Test
  void anExchangeOfLongLinesPassesAndAWrongPasswordIsTheMembersWord() throws Exception {
    String challenge = "QUJD".repeat(3_000);
    String answer = "REVG".repeat(3_000);
    String script =
        GREETED
            + "C: AUTH LOGIN\nS: 334 "
            + challenge
            + "\nC: "
            + answer
            + "\nS: 334 UGFzc3dvcmQ6\nC: \nS: 535 5.7.8 no such luck";
    try (ScriptedServer member = ScriptedServer.play(script);
        RunningHouse house = house(member);
        MailLink link = learnt(house, member)) {
      assertThat(link.say("AUTH LOGIN")).isEqualTo("334 " + challenge);
      assertThat(link.say(answer)).isEqualTo("334 UGFzc3dvcmQ6");
      assertThat(link.say("")).isEqualTo("535 5.7.8 no such luck");
      assertThat(link.say("NOOP")).startsWith("250");
      await()
          .untilAsserted(() ->
              assertThat(house.log()).contains("login failed", "reply=535").doesNotContain(answer));
    }
  }

  @Test
  void noPasswordIsTakenInPlain() throws Exception {
    try (ScriptedServer member = ScriptedServer.play(GREETED + MAIL);
        RunningHouse house = house(member);
        MailLink link = MailLink.greeted(house)) {
      link.send("a@example.org");
      link.write("EHLO client.example.net\r\n");
      assertThat(lines(link)).doesNotContain("AUTH");
      assertThat(link.say("AUTH PLAIN " + SECRET)).startsWith("538 5.7.11");
    }
  }

  @Test
  void aRuleAtMailMovesNoClientThatHasLoggedIn() throws Exception {
    String script =
        GREETED + "C: AUTH PLAIN " + SECRET + "\nS: 235 2.7.0 welcome\n" + MAIL + "C: QUIT";
    try (ScriptedServer member = ScriptedServer.play(script);
        RunningHouse house =
            RunningHouse.start(
                directory,
                """
                rules:
                  p: { at: mail, when: auth, then: { pool: other } }
                  s: { at: mail, when: auth, then: { snat: 127.0.2.7 } }
                  l: { at: mail, when: "!auth && sender.domain == 'x.example'", then: close }
                pools:
                  hub:
                    auth-over-plain: true
                    reuse: { idle-connections: 0 }
                    members: { m: "127.0.0.1:%d" }
                  other: { members: { m: "127.0.0.1:1" } }
                virtual-servers:
                  mail:
                    listen: "127.0.0.1:0"
                    pool: hub
                    tls: { certificate: mail.pem }
                    rules: [p, s, l]
                """
                    .formatted(member.port()));
        MailLink link = learnt(house, member)) {
      assertThat(link.say("AUTH PLAIN " + SECRET)).startsWith("235");
      assertThat(link.send("a@x.example")).isEqualTo("250 taken");
      assertThat(link.say("QUIT")).startsWith("221");
      assertThat(member.next().problems()).isEmpty();
    }
  }

  @Test
  void whenTheMemberDrainsTheNextMessageGets421() throws Exception {
    String script =
        GREETED + "C: AUTH PLAIN " + SECRET + "\nS: 235 2.7.0 welcome\n" + MAIL + "C: QUIT";
    try (ScriptedServer member = ScriptedServer.play(script);
        RunningHouse house = house(member);
        MailLink link = learnt(house, member)) {
      assertThat(link.say("AUTH PLAIN " + SECRET)).startsWith("235");
      assertThat(link.say("MAIL FROM:<a@example.org>")).startsWith("250");
      house.posthouse().control().administer("hub", "m", AdminState.DRAINING, "test");
      link.say("RCPT TO:<b@example.net>");
      link.say("DATA");
      link.write(MailLink.BODY);
      assertThat(link.reply()).isEqualTo("250 taken");
      assertThat(link.say("MAIL FROM:<a@example.org>")).startsWith("421 4.3.2");
      assertThat(member.next().problems()).isEmpty();
    }
  }

  @Test
  void whenTheMemberIsLostTheNextMessageGets421() throws Exception {
    String script = GREETED + "C: AUTH PLAIN " + SECRET + "\nS: 235 2.7.0 welcome\nreset";
    try (ScriptedServer member = ScriptedServer.play(script);
        RunningHouse house = house(member);
        MailLink link = learnt(house, member)) {
      assertThat(link.say("AUTH PLAIN " + SECRET)).startsWith("235");
      await()
          .until(() -> {
            link.say("NOOP");
            return house.member("hub", "m").connections() == 0;
          });
      assertThat(link.say("MAIL FROM:<a@example.org>")).startsWith("421 4.3.2");
    }
  }
}
