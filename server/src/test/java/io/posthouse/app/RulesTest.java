package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Status.RuleStatus;
import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules do to links and messages, through a whole Posthouse. */
@ExtendWith(NoLeaks.class)
final class RulesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void aRefusalComesAtItsEventInItsOwnWords(RuleHouse.Step at) throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                RuleHouse.file(member, RuleHouse.rule(at, "true", "{ refuse: Go }"), "r"))) {
      List<String> heard = RuleHouse.walk(house);

      assertThat(heard).hasSize(at.heard);
      assertThat(heard.getLast())
          .isEqualTo((at == RuleHouse.Step.CONNECT ? "554" : "550") + " 5.7.1 Go");
      assertThat(member.came()).hasSize(at.came);
      assertThat(RuleHouse.status(house).fired()).isEqualTo(1);
      await().until(() -> house.log().contains("rule refused a client"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCloseEndsTheLinkAtItsEvent(RuleHouse.Step at) throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory, RuleHouse.file(member, RuleHouse.rule(at, "true", "close"), "r"))) {
      List<String> heard = RuleHouse.walk(house);

      assertThat(heard.getLast())
          .matches(at == RuleHouse.Step.CONNECT ? "ended" : "421 4\\.7\\.1 .*");
      assertThat(heard).hasSize(at.heard);
      await().until(() -> house.log().contains("end=rule"));
      await().until(() -> house.server("mail").links().open() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void acceptLogAndADryRunChangeNothing(RuleHouse.Step at) throws Exception {
    String rules =
        """
        dry: { at: %1$s, when: "true", then: { refuse: Go }, dry-run: true }
        log: { at: %1$s, when: "true", then: log }
        ok: { at: %1$s, when: "true", then: accept }
        never: { at: %1$s, when: "true", then: close }
        """
            .formatted(at.event());
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(directory, RuleHouse.file(member, rules, "dry, log, ok, never"))) {
      assertThat(RuleHouse.walk(house)).hasSize(6).last().asString().startsWith("250 ");

      assertThat(house.server("mail").rules())
          .extracting(RuleStatus::fired)
          .containsExactly(1L, 1L, 1L, 0L);
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .containsPattern("dry run .*rule=dry at=" + at.event() + " then=refuse")
                  .containsPattern("rule fired .*rule=log at=" + at.event() + " then=log")
                  .doesNotContain("rule=ok"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLimitRefusesForNow(RuleHouse.Step at) throws Exception {
    String limit = RuleHouse.rule(at, "true", "{ limit: { per-minute-per-client: 2 } }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, limit, "r"))) {
      assertThat(RuleHouse.walk(house)).hasSize(6);
      assertThat(RuleHouse.walk(house)).hasSize(6);
      assertThat(RuleHouse.walk(house).getLast())
          .startsWith((at == RuleHouse.Step.CONNECT ? "421" : "451") + " 4.7.1 Too many");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleThatCannotBeEvaluatedRefusesForNowWithALine(RuleHouse.Step at) throws Exception {
    String broken = RuleHouse.rule(at, "time.getHours(\"Nowhere\") == 1", "accept");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, broken, "r"))) {
      assertThat(RuleHouse.walk(house).getLast())
          .startsWith((at == RuleHouse.Step.CONNECT ? "421" : "451") + " 4.3.5 ");

      assertThat(RuleHouse.status(house))
          .returns(1L, RuleStatus::failed)
          .returns(0L, RuleStatus::fired);
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .containsPattern(
                      "could not be evaluated .*rule=r .*reason=.*Nowhere.*remedy=.*dry-run"));
    }
  }

  @Test
  void whoeverProvokesAFailureWritesOneLineALink() throws Exception {
    String broken = RuleHouse.rule(RuleHouse.Step.HELLO, "int(helo) == 1", "accept");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, broken, "r"));
        MailLink link = MailLink.to(house)) {
      for (int i = 0; i < 5; i++) {
        assertThat(link.say("EHLO client.example.org")).startsWith("451 4.3.5 ");
      }
      link.say("QUIT");
      await().until(() -> house.log().contains("end=quit"));
      assertThat(house.log().lines().filter(line -> line.contains("could not be evaluated")))
          .singleElement()
          .asString()
          .contains("helo=client.example.org");
      assertThat(RuleHouse.status(house).failed()).isEqualTo(5);
    }
  }

  @Test
  void noRuleLiftsTheRelayGuard() throws Exception {
    String rules =
        """
        c: { at: connect, when: "true", then: { client-class: locked } }
        r: { at: recipient, when: "true", then: accept }
        """;
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, rules, "c, r"))) {
      assertThat(RuleHouse.walk(house).getLast()).startsWith("550 5.7.1 Relaying denied");
    }
  }

  @Test
  void rulesAreAskedAboutTheClientThatABelievedPeerSpeaksFor() throws Exception {
    String rules =
        """
        a: { at: connect, when: 'client.address == "127.0.3.9"', then: { snat: 127.0.2.7 } }
        n: { at: mail, when: 'client.name == "bad.example.org"', then: { refuse: Go } }
        c: { at: connect, when: 'client.address == "127.0.3.10"', then: { refuse: Go } }
        """;
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                RuleHouse.file(member, rules, "a, n, c")
                    .replace("pool: hub,", "pool: hub, believe: { xclient: [trusted] },"));
        MailLink front = MailLink.from("127.0.0.2", house)) {
      front.say("EHLO front.example.net");
      front.send("a@example.org");
      assertThat(front.say("XCLIENT ADDR=127.0.3.9 NAME=good.example.org")).startsWith("220");
      front.say("EHLO client.example.org");
      front.send("b@example.org");
      front.say("XCLIENT ADDR=127.0.3.9 NAME=Bad.example.org");
      front.say("EHLO client.example.org");
      assertThat(front.send("c@example.org")).isEqualTo("550 5.7.1 Go");
      assertThat(front.say("XCLIENT ADDR=127.0.3.10")).isEqualTo("554 5.7.1 Go");
      assertThatThrownBy(front::reply).isInstanceOf(IOException.class);

      assertThat(member.came())
          .containsExactly("127.0.0.1 <a@example.org>", "127.0.2.7 <b@example.org>");
    }
  }

  /** In the octets of UTF-8 a domain with a sharp s, which has no form in A-labels. */
  @Test
  void anAddressWhoseDomainNoConditionCouldTellIsRefusedWhereARuleMaySeeIt() throws Exception {
    String odd = "<a@stra\u00C3\u009Fe.example>";
    String never = RuleHouse.rule(RuleHouse.Step.MAIL, "false", "close");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, never, "r"))) {
      RuleHouse.walk(house); // From now on it is known what the member offers.
      MailLink link = MailLink.greeted(house);
      assertThat(link.say("MAIL FROM:" + odd + " SMTPUTF8")).startsWith("553 5.1.7 ");
      assertThat(link.say("MAIL FROM:<> SMTPUTF8")).startsWith("250 ");
      assertThat(link.say("RCPT TO:" + odd)).startsWith("250 ");
      link.say("RSET");
      house.reload(
          RuleHouse.file(member, RuleHouse.rule(RuleHouse.Step.RECIPIENT, "false", "close"), "r"));
      assertThat(link.say("MAIL FROM:<> SMTPUTF8")).startsWith("250 ");
      assertThat(link.say("RCPT TO:" + odd)).startsWith("553 5.1.3 ");
      link.close();
    }
  }

  @Test
  void aReloadAsksTheRulesOfTheLinkAnew() throws Exception {
    String choosing = RuleHouse.rule(RuleHouse.Step.CONNECT, "true", "{ client-class: relay }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, choosing, "r"));
        MailLink link = MailLink.greeted(house)) {
      link.send("a@example.org");
      house.reload(
          RuleHouse.file(
              member, RuleHouse.rule(RuleHouse.Step.HELLO, "true", "{ snat: 127.0.2.7 }"), "r"));
      link.send("b@example.org");
      house.reload(RuleHouse.file(member, "{}", ""));
      link.send("c@example.org");
      house.reload(
          RuleHouse.file(
              member, RuleHouse.rule(RuleHouse.Step.CONNECT, "true", "{ refuse: Go }"), "r"));

      assertThat(link.say("MAIL FROM:<d@example.org>")).startsWith("421 4.7.1 ");
      assertThat(member.came())
          .containsExactly(
              "127.0.2.9 <a@example.org>",
              "127.0.2.7 <b@example.org>",
              "127.0.0.1 <c@example.org>");
    }
  }

  @Test
  void aReloadThatTouchesNoRuleKeepsWhatWasCounted() throws Exception {
    String log = RuleHouse.rule(RuleHouse.Step.MAIL, "true", "log");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, log, "r"))) {
      RuleHouse.walk(house);
      house.reload(RuleHouse.file(member, log, "r").replace("connections: 100", "connections: 99"));
      RuleHouse.walk(house);
      assertThat(RuleHouse.status(house).fired()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "{ limit: { per-minute: 0, per-minute-per-client: 1 } }"})
  void inModeTcpARefusedClientIsReset(String then) throws Exception {
    String rules = RuleHouse.rule(RuleHouse.Step.CONNECT, "!client.inGroup(\"trusted\")", then);
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory, RuleHouse.file(member, member, "mode: tcp,", rules, "r"))) {
      if (!then.equals("close")) {
        assertThat(RuleHouse.hear(house, "127.0.0.1")).isEqualTo(SmtpMember.BANNER);
      }
      assertThatThrownBy(() -> RuleHouse.hear(house, "127.0.0.1")).isInstanceOf(IOException.class);
      assertThat(RuleHouse.hear(house, "127.0.0.2")).isEqualTo(SmtpMember.BANNER);
      await().until(() -> house.log().contains("end=rule"));
    }
  }
}
