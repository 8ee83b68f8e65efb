package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in DNS: what their answers, and their silence, mean for a client. */
@ExtendWith(NoLeaks.class)
final class DnsListsTest {
  private final EdgeHouse edge;

  DnsListsTest(@TempDir Path directory) {
    edge = new EdgeHouse(directory);
  }

  @AfterEach
  void end() {
    edge.close();
  }

  @Test
  void aListedClientIsRefusedAndTheListIsAskedOnceOnly() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, EdgeHouse.ZEN)) {
      for (int i = 0; i < 3; i++) {
        assertThat(EdgeHouse.send("127.0.0.9", house))
            .isEqualTo("550 5.7.1 Your address is listed by zen.example.org");
      }
      assertThat(EdgeHouse.send("127.0.0.8", house)).startsWith("250");
      assertThat(edge.dns.asked())
          .containsExactly(EdgeHouse.LISTED + " A", EdgeHouse.LISTED.replace("9.0", "8.0") + " A");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("check=dns-lists", "reason=\"listed by zen.example.org\" score=2"));
      assertThat(EdgeHouse.count(house, "dns-lists")).isEqualTo("4/3/0");
      assertThat(EdgeHouse.count(house, "zen.example.org")).isEqualTo("4/3/0");
    }
  }

  @Test
  void whatIsRememberedOfAClientEndsWithAReloadAndWithItsAnswers() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 30, "127.0.0.2");
    edge.dns.addresses("9.0.0.127.pbl.example.org", 30, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, EdgeHouse.ZEN)) {
      for (int i = 0; i < 3; i++) {
        assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("550 5.7.1 ");
      }
      await().until(() -> house.log().split("check=dns-lists", -1).length == 4);

      house.reload(edge.file(member, "dns-lists: { lists: { pbl.example.org: 2 } }", ""));
      for (int i = 0; i < 3; i++) {
        assertThat(EdgeHouse.send("127.0.0.9", house))
            .isEqualTo("550 5.7.1 Your address is listed by pbl.example.org");
      }

      edge.dns.forgets("9.0.0.127.pbl.example.org");
      edge.clock.advance(Duration.ofSeconds(31));
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250 ");
    }
  }

  @Test
  void anAllowListOutweighsABlockList() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    edge.dns.addresses("9.0.0.127.good.example.org", 300, "127.0.5.1");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(
                member, "dns-lists: { lists: { zen.example.org: 2, good.example.org: -2 } }")) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
    }
  }

  @Test
  void codesOfAnswersHaveTheirOwnScores() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.10", "127.0.0.3");
    edge.dns.addresses("8.0.0.127.zen.example.org", 300, "127.0.0.11");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(
                member,
                """
                dns-lists: { threshold: 4, lists: { zen: { zone: zen.example.org, answers: [
                  { codes: [127.0.0.2/31], score: 3 }, { codes: [127.0.0.10, 127.0.0.11], score: 1 } ] } } }
                """
                    .replace("\n", " "))) {
      assertThat(EdgeHouse.send("127.0.0.9", house))
          .isEqualTo("550 5.7.1 Your address is listed by zen");
      assertThat(EdgeHouse.send("127.0.0.8", house)).startsWith("250");
      await()
          .untilAsserted(
              () -> assertThat(house.log()).contains("score=4").doesNotContain("zen.example.org"));
    }
  }

  @Test
  void aListThatDoesNotTalkToUsIsNoHitAndToldOnce() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.255.255.254");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, EdgeHouse.ZEN)) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      await().until(() -> house.log().contains("does not talk to our resolver"));
      await()
          .untilAsserted(
              () -> assertThat(house.log()).containsOnlyOnce("does not talk to our resolver"));
      assertThat(EdgeHouse.edge(house, "zen.example.org").refusals()).isEqualTo(2);
    }
  }

  @Test
  void anAnswerOutsideOf127IsNone() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "198.51.100.1");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, EdgeHouse.ZEN)) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"servfail", "garbage"})
  void aListThatFailsLetsMailGoOn(String how) throws Exception {
    if (how.equals("servfail")) {
      edge.dns.fails(EdgeHouse.LISTED);
    } else {
      edge.dns.garbles(EdgeHouse.LISTED);
    }
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, EdgeHouse.ZEN)) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      assertThat(EdgeHouse.edge(house, "zen.example.org").unanswered()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatIsCutOffIsReadOverTcp() throws Exception {
    edge.dns.cutsOff(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, EdgeHouse.ZEN)) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("550");
    }
  }

  @Test
  void aDeadListCostsItsTimeoutAndThenNothing() throws Exception {
    for (int i = 1; i < 10; i++) {
      edge.dns.ignores(i + ".0.0.127.zen.example.org");
    }
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, "timeout: 2s, " + EdgeHouse.ZEN)) {
      for (int i = 1; i <= 5; i++) {
        try (Socket client = house.connectFrom("127.0.0." + i, "mail")) {
          String asked = i + ".0.0.127.zen.example.org A";
          await().until(() -> edge.dns.asked().contains(asked));
          edge.clock.advance(Duration.ofSeconds(3));
          assertThat(RunningHouse.line(client)).startsWith("220 ");
        }
      }
      assertThat(EdgeHouse.send("127.0.0.6", house)).startsWith("250"); // By a clock that stands.
      assertThat(edge.dns.asked()).doesNotContain("6.0.0.127.zen.example.org A");
      assertThat(EdgeHouse.edge(house, "zen.example.org").unanswered()).isEqualTo(6);
    }
  }

  @Test
  void tryingACheckOutRefusesNobody() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(member, "dns-lists: { lists: { zen.example.org: 2 }, action: log }")) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      await().untilAsserted(() -> assertThat(house.log()).contains("check=dns-lists action=log"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"recipient", "greeting"})
  void aClientMayBeToldToComeLater(String at) throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(
                member,
                "refuse-at: "
                    + at
                    + ", dns-lists: { lists: { zen.example.org: 2 }, action: tempfail }")) {
      if (at.equals("greeting")) {
        try (Socket client = house.connectFrom("127.0.0.9", "mail")) {
          assertThat(RunningHouse.line(client)).startsWith("421 4.7.1 Your address is listed by");
        }
      } else {
        assertThat(EdgeHouse.send("127.0.0.9", house))
            .startsWith("450 4.7.1 Your address is listed by");
      }
    }
  }
}
