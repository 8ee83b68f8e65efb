package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Status.EdgeStatus;
import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedDns;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about a client before it may hand mail in, and what comes of it. */
@ExtendWith(NoLeaks.class)
final class EdgeChecksTest {
  private static final String LISTED = "9.0.0.127.zen.example.org";
  private static final String ZEN = "dns-lists: { lists: { zen.example.org: 2 } }";

  @TempDir Path directory;
  private final ScriptedDns dns = ScriptedDns.start();
  private final HandClock clock = new HandClock();

  @AfterEach
  void end() {
    dns.close();
  }

  // ---- early talkers

  @Test
  void whoeverTalksBeforeTheGreetingIsRefusedAtEachRecipientButPostmaster() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "early-talkers: { pause: 30s }");
        Socket client = house.connect("mail")) {
      client
          .getOutputStream()
          .write("EHLO early.example.net\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunningHouse.line(client)).startsWith("220 ");
      while (RunningHouse.line(client).startsWith("250-")) {}
      RunningHouse.say(client, "MAIL FROM:<a@example.org>");
      assertThat(RunningHouse.say(client, "RCPT TO:<b@example.net>"))
          .startsWith("550 5.7.1 You talked");
      assertThat(RunningHouse.say(client, "RCPT TO:<postmaster>")).startsWith("250 ");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("edge check matched a client", "check=early-talkers", "action=refuse")
                  .contains("recipient refused by an edge check", "recipient=b@example.net"));
      assertThat(count(house, "early-talkers")).isEqualTo("1/1/0");
    }
  }

  @Test
  void whoeverWaitsIsGreetedWhenThePauseIsOver() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "early-talkers: { pause: 5s }");
        Socket client = house.connect("mail")) {
      client.setSoTimeout(300);
      assertThatThrownBy(() -> RunningHouse.line(client))
          .isInstanceOf(SocketTimeoutException.class);
      client.setSoTimeout(10_000);
      clock.advance(Duration.ofSeconds(6));
      assertThat(RunningHouse.line(client)).startsWith("220 ");
      assertThat(count(house, "early-talkers")).isEqualTo("1/0/0");
    }
  }

  @Test
  void refusedInPlaceOfTheGreeting() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "refuse-at: greeting, early-talkers: { pause: 30s }")) {
      Socket client = house.connect("mail");
      client
          .getOutputStream()
          .write("EHLO early.example.net\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunningHouse.line(client)).startsWith("554 5.7.1 You talked before the greeting");
      assertThatThrownBy(() -> RunningHouse.line(client)).isInstanceOf(IOException.class);
      client.close();
      await().until(() -> house.log().contains("end=edge-check"));
    }
  }

  @Test
  void aLinkThatEndsWhileItWaitsLeavesNothing() throws Exception {
    dns.ignores(LISTED);
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "early-talkers: { pause: 30s }, " + ZEN)) {
      Socket client = house.connectFrom("127.0.0.9", "mail");
      await().until(() -> house.server("mail").links().open() == 1);
      client.close();
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(house.server("mail").classes().getFirst().open()).isZero();
    }
  }

  // ---- lists

  @Test
  void aListedClientIsRefusedAndTheListIsAskedOnceOnly() throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, ZEN)) {
      for (int i = 0; i < 3; i++) {
        assertThat(send("127.0.0.9", house))
            .isEqualTo("550 5.7.1 Your address is listed by zen.example.org");
      }
      assertThat(send("127.0.0.8", house)).startsWith("250");
      assertThat(dns.asked()).containsExactly(LISTED + " A", LISTED.replace("9.0", "8.0") + " A");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("check=dns-lists", "reason=\"listed by zen.example.org\" score=2"));
      assertThat(count(house, "dns-lists")).isEqualTo("4/3/0");
      assertThat(count(house, "zen.example.org")).isEqualTo("4/3/0");
    }
  }

  @Test
  void anAllowListOutweighsABlockList() throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.2");
    dns.addresses("9.0.0.127.good.example.org", 300, "127.0.5.1");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            start(member, "dns-lists: { lists: { zen.example.org: 2, good.example.org: -2 } }")) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
    }
  }

  @Test
  void codesOfAnswersHaveTheirOwnScores() throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.10", "127.0.0.3");
    dns.addresses("8.0.0.127.zen.example.org", 300, "127.0.0.11");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            start(
                member,
                """
                dns-lists: { threshold: 4, lists: { zen: { zone: zen.example.org, answers: [
                  { codes: [127.0.0.2/31], score: 3 }, { codes: [127.0.0.10, 127.0.0.11], score: 1 } ] } } }
                """
                    .replace("\n", " "))) {
      assertThat(send("127.0.0.9", house)).isEqualTo("550 5.7.1 Your address is listed by zen");
      assertThat(send("127.0.0.8", house)).startsWith("250");
      await()
          .untilAsserted(
              () -> assertThat(house.log()).contains("score=4").doesNotContain("zen.example.org"));
    }
  }

  @Test
  void aListThatDoesNotTalkToUsIsNoHitAndToldOnce() throws Exception {
    dns.addresses(LISTED, 300, "127.255.255.254");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, ZEN)) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
      assertThat(send("127.0.0.9", house)).startsWith("250");
      await().until(() -> house.log().contains("does not talk to our resolver"));
      await()
          .untilAsserted(
              () -> assertThat(house.log()).containsOnlyOnce("does not talk to our resolver"));
      assertThat(edge(house, "zen.example.org").refusals()).isEqualTo(2);
    }
  }

  @Test
  void anAnswerOutsideOf127IsNone() throws Exception {
    dns.addresses(LISTED, 300, "198.51.100.1");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, ZEN)) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"servfail", "garbage"})
  void aListThatFailsLetsMailGoOn(String how) throws Exception {
    if (how.equals("servfail")) {
      dns.fails(LISTED);
    } else {
      dns.garbles(LISTED);
    }
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, ZEN)) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
      assertThat(edge(house, "zen.example.org").unanswered()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatIsCutOffIsReadOverTcp() throws Exception {
    dns.cutsOff(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, ZEN)) {
      assertThat(send("127.0.0.9", house)).startsWith("550");
    }
  }

  @Test
  void aDeadListCostsItsTimeoutAndThenNothing() throws Exception {
    for (int i = 1; i < 10; i++) {
      dns.ignores(i + ".0.0.127.zen.example.org");
    }
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "timeout: 2s, " + ZEN)) {
      for (int i = 1; i <= 5; i++) {
        try (Socket client = house.connectFrom("127.0.0." + i, "mail")) {
          String asked = i + ".0.0.127.zen.example.org A";
          await().until(() -> dns.asked().contains(asked));
          clock.advance(Duration.ofSeconds(3));
          assertThat(RunningHouse.line(client)).startsWith("220 ");
        }
      }
      assertThat(send("127.0.0.6", house)).startsWith("250"); // By a clock that stands.
      assertThat(dns.asked()).doesNotContain("6.0.0.127.zen.example.org A");
      assertThat(edge(house, "zen.example.org").unanswered()).isEqualTo(6);
    }
  }

  @Test
  void tryingACheckOutRefusesNobody() throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            start(member, "dns-lists: { lists: { zen.example.org: 2 }, action: log }")) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
      await().untilAsserted(() -> assertThat(house.log()).contains("check=dns-lists action=log"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"recipient", "greeting"})
  void aClientMayBeToldToComeLater(String at) throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            start(
                member,
                "refuse-at: "
                    + at
                    + ", dns-lists: { lists: { zen.example.org: 2 }, action: tempfail }")) {
      if (at.equals("greeting")) {
        try (Socket client = house.connectFrom("127.0.0.9", "mail")) {
          assertThat(RunningHouse.line(client)).startsWith("421 4.7.1 Your address is listed by");
        }
      } else {
        assertThat(send("127.0.0.9", house)).startsWith("450 4.7.1 Your address is listed by");
      }
    }
  }

  @Test
  void anExemptClassIsNotAskedFor() throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "exempt: [rest], early-talkers: {}, " + ZEN)) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
      assertThat(dns.asked()).isEmpty();
      assertThat(count(house, "dns-lists")).isEqualTo("0/0/0");
    }
  }

  @Test
  void behindXclientTheAnnouncedClientIsLookedAt() throws Exception {
    dns.addresses("7.2.0.192.zen.example.org", 300, "127.0.0.2");
    dns.addresses(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, ZEN, "believe: { xclient: [front] },");
        MailLink link = MailLink.from("127.0.0.9", house)) {
      link.say("EHLO front.example.net");
      assertThat(link.say("XCLIENT ADDR=192.0.2.7")).startsWith("220 ");
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("550 5.7.1 Your address is listed by");
      link.say("RSET");
      assertThat(link.say("XCLIENT ADDR=192.0.2.8")).startsWith("220 ");
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("250");
      assertThat(dns.asked()).doesNotContain(LISTED + " A");
    }
  }

  @Test
  void behindProxyTheAnnouncedClientIsLookedAt() throws Exception {
    dns.addresses("7.2.0.192.zen.example.org", 300, "127.0.0.2");
    dns.addresses(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            start(member, "refuse-at: greeting, " + ZEN, "believe: { proxy: [front] },");
        Socket front = house.connectFrom("127.0.0.9", "mail")) {
      front
          .getOutputStream()
          .write("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunningHouse.line(front)).startsWith("554 5.7.1 Your address is listed by");
      assertThat(dns.asked()).doesNotContain(LISTED + " A");
    }
  }

  /** A word would take a handshake, and its client would keep us waiting for it. */
  @Test
  void whereTlsComesFirstARefusedClientIsReset() throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.2");
    Path pem = directory.resolve("mail.pem");
    Files.writeString(pem, TestAuthority.named("tests").issue(Kind.EC, "lb.example.net").pem());
    String tls = "tls: { implicit: true, certificate: " + pem + " },";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "refuse-at: greeting, early-talkers: {}, " + ZEN, tls);
        Socket client = house.connectFrom("127.0.0.9", "mail")) {
      assertThatThrownBy(() -> RunningHouse.line(client)).isInstanceOf(IOException.class);
      await().until(() -> house.log().contains("end=edge-check"));
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(count(house, "early-talkers")).isEqualTo("0/0/0");
    }
  }

  // ---- names

  @Test
  void aClientWithoutAConfirmedNameIsToldToComeLater() throws Exception {
    dns.pointers("9.0.0.127.in-addr.arpa", 300, "mx.example.net");
    dns.addresses("mx.example.net", 300, "192.0.2.1", "127.0.0.9");
    dns.pointers("8.0.0.127.in-addr.arpa", 300, "mx.example.net");
    dns.fails("6.0.0.127.in-addr.arpa");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "reverse-dns: {}")) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
      assertThat(send("127.0.0.8", house)).startsWith("450 4.7.25 ");
      assertThat(send("127.0.0.7", house)).startsWith("450 4.7.25 ");
      assertThat(send("127.0.0.6", house)).startsWith("250");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("reason=\"its name in DNS does not lead back to it: mx.example.net\"")
                  .contains("reason=\"it has no name in DNS\""));
      assertThat(count(house, "reverse-dns")).isEqualTo("4/2/1");
    }
  }

  @Test
  void aNameWithControlCharactersIsNeverShown() throws Exception {
    dns.pointers("9.0.0.127.in-addr.arpa", 300, "mx\r\n250 ok\u001b[2J.example.net");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "reverse-dns: { require: name, action: refuse }")) {
      assertThat(send("127.0.0.9", house))
          .isEqualTo("550 5.7.25 Your address has no good name in DNS (reverse-dns)");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("what DNS has for it is no host name")
                  .doesNotContain("250 ok")
                  .doesNotContain("\u001b"));
    }
  }

  @Test
  void whatAClientCallsItselfIsLookedAtWithItsMessage() throws Exception {
    dns.addresses("known.example.net", 300, "192.0.2.1");
    dns.fails("broken.example.net");
    String faults = "faults: [malformed, unqualified, our-name, foreign-address, unknown]";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, "hello: { " + faults + " }")) {
      for (String good : new String[] {"known.example.net", "[127.0.0.9]", "broken.example.net"}) {
        assertThat(send("127.0.0.9", good, house)).as(good).startsWith("250");
      }
      for (String bad :
          new String[] {
            "lb.example.net", "localhost", "[127.0.0.8]", "127.0.0.9", "a..b", "unknown.example.net"
          }) {
        assertThat(send("127.0.0.9", bad, house)).as(bad).startsWith("550 5.7.1 Your name in EHLO");
      }
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("reason=\"unknown: unknown.example.net\"")
                  .contains("reason=\"our-name: lb.example.net\""));
      assertThat(count(house, "hello")).isEqualTo("9/6/1");
    }
  }

  // ---- limits

  @Test
  void whatIsTooMuchInAMinuteIsToldToComeLater() throws Exception {
    String limits =
        "limits: { per-client: { connections: 3, recipients: 5 }, per-network: { size: 100B } }";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, limits);
        MailLink link = MailLink.from("127.0.0.9", house)) {
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org", "x".repeat(46) + "\r\n.\r\n")).startsWith("250");
      assertThat(link.send("a@example.org", "x".repeat(46) + "\r\n.\r\n")).startsWith("250");
      assertThat(link.say("MAIL FROM:<a@example.org>"))
          .isEqualTo("451 4.7.1 Too much in a minute, try again later: size per network");
      clock.advance(Duration.ofSeconds(3));
      link.say("MAIL FROM:<a@example.org>");
      for (int i = 0; i < 3; i++) {
        assertThat(link.say("RCPT TO:<b@example.net>")).startsWith("250");
      }
      assertThat(link.say("RCPT TO:<b@example.net>")).endsWith("later: recipients per client");
      assertThat(MailLink.from("127.0.0.9", house).say("QUIT")).startsWith("221");
      assertThat(MailLink.from("127.0.0.9", house).say("QUIT")).startsWith("221");
      try (Socket third = house.connectFrom("127.0.0.9", "mail")) {
        assertThat(RunningHouse.line(third)).startsWith("421 4.7.1 Too much in a minute");
      }
      assertThat(count(house, "limits")).isEqualTo("4/3/0");
    }
  }

  // ---- the tarpit

  @Test
  void aSuspiciousClientIsServedSlowly() throws Exception {
    dns.addresses(LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            start(
                member,
                "tarpit: { delay: 10s, links: 1 }, "
                    + "dns-lists: { lists: { zen.example.org: 2 }, action: tarpit }");
        MailLink slow = MailLink.from("127.0.0.9", house)) {
      slow.write("EHLO slow.example.net\r\n");
      slow.socket().setSoTimeout(300);
      assertThatThrownBy(slow::reply).isInstanceOf(SocketTimeoutException.class);
      slow.socket().setSoTimeout(10_000);
      // It is full: another one is served as fast as any.
      assertThat(send("127.0.0.9", house)).startsWith("250");
      clock.advance(Duration.ofSeconds(11));
      assertThat(slow.reply()).startsWith("250 ");
    }
  }

  @Test
  void whoeverIsAnnouncedNextIsNotServedSlowlyForTheOneBefore() throws Exception {
    dns.addresses("7.2.0.192.zen.example.org", 300, "127.0.0.2");
    String checks = "dns-lists: { lists: { zen.example.org: 2 }, action: tarpit }";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = start(member, checks, "believe: { xclient: [front] },");
        MailLink link = MailLink.from("127.0.0.9", house)) {
      link.say("EHLO front.example.net");
      assertThat(link.say("XCLIENT ADDR=192.0.2.7")).startsWith("220 ");
      link.write("XCLIENT ADDR=192.0.2.8\r\n");
      await()
          .until(() -> {
            boolean answered = link.socket().getInputStream().available() > 0;
            clock.advance(answered ? Duration.ZERO : Duration.ofSeconds(6));
            return answered;
          });
      assertThat(link.reply()).startsWith("220 ");
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("250"); // By a clock that stands.
    }
  }

  @Test
  void aLimitMayBeTriedOut() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            start(member, "limits: { per-class: { recipients: 1 }, action: log }")) {
      assertThat(send("127.0.0.9", house)).startsWith("250");
      assertThat(send("127.0.0.8", house)).startsWith("250");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("check=limits action=log reason=\"recipients per class\""));
      assertThat(count(house, "limits")).isEqualTo("2/1/0");
    }
  }

  // ---- the house

  private RunningHouse start(SmtpMember member, String checks) throws Exception {
    return start(member, checks, "");
  }

  private RunningHouse start(SmtpMember member, String checks, String server) throws Exception {
    return RunningHouse.start(
        directory,
        """
        dns: { resolvers: ["127.0.0.1:%d"] }
        data-groups: { front: [127.0.0.9] }
        client-classes: { rest: { from: any, relay: server } }
        edge-checks: { internet: { %s } }
        pools:
          hub: { members: { ex1: 127.0.0.1:%d } }
        virtual-servers:
          mail: { %s listen: 127.0.0.1:0, pool: hub, classes: [rest], edge-checks: internet }
        """
            .formatted(dns.port(), checks, member.port(), server),
        clock);
  }

  private static String send(String from, RunningHouse house) throws IOException {
    return send(from, "client.example.org", house);
  }

  private static String send(String from, String hello, RunningHouse house) throws IOException {
    try (MailLink link = MailLink.from(from, house)) {
      link.say("EHLO " + hello);
      return link.send("a@example.org");
    }
  }

  private static EdgeStatus edge(RunningHouse house, String name) {
    return house.server("mail").edgeChecks().stream()
        .filter(each ->
            each.list().equals(name) || (each.list().isEmpty() && each.check().equals(name)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(Arrays.toString(new Object[] {name})));
  }

  /** Asked, matched, unanswered. */
  private static String count(RunningHouse house, String name) {
    EdgeStatus of = edge(house, name);
    return of.asked() + "/" + of.matched() + "/" + of.unanswered();
  }
}
