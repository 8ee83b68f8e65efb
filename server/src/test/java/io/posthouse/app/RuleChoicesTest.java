package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where rules send the work of a client, and as what they have it treated. */
@ExtendWith(NoLeaks.class)
final class RuleChoicesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"CONNECT", "HELLO", "MAIL"})
  void aRuleMayChooseThePool(RuleHouse.Step at) throws Exception {
    try (SmtpMember hub = new SmtpMember();
        SmtpMember bulk = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                RuleHouse.file(hub, bulk, "", RuleHouse.rule(at, "true", "{ pool: bulk }"), "r"))) {
      assertThat(RuleHouse.walk(house)).hasSize(6);
      assertThat(hub.came()).isEmpty();
      assertThat(bulk.came()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT, 127.0.2.7",
    "HELLO, 127.0.2.7",
    "MAIL, 127.0.2.7",
    "MAIL, outside",
  })
  void aRuleMayChooseTheSourceAddress(RuleHouse.Step at, String snat) throws Exception {
    String rules = RuleHouse.rule(at, "true", "{ snat: " + snat + " }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, rules, "r"))) {
      assertThat(RuleHouse.walk(house)).hasSize(6);
      assertThat(member.came())
          .containsExactly(snat.replace("outside", "127.0.2.1") + " <a@example.org>");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONNECT", "HELLO", "MAIL"})
  void aRuleMayChooseTheClassWithAllThatItSays(RuleHouse.Step at) throws Exception {
    String rules = RuleHouse.rule(at, "true", "{ client-class: relay }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, rules, "r"))) {
      assertThat(RuleHouse.walk(house)).hasSize(6);
      assertThat(member.came()).containsExactly("127.0.2.9 <a@example.org>");
      await()
          .untilAsserted(() -> assertThat(house.log()).containsPattern("message .*class=relay "));
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(house.server("mail").classes())
          .extracting(of -> of.name() + " " + of.open() + " " + of.messages())
          .containsExactly("rest 0 0", "relay 0 1");
    }
  }

  @Test
  void messagesOfOneLinkGoWhereTheirSenderSaysAndWarmConnectionsKeepTheirAddresses()
      throws Exception {
    String rules =
        """
        p: { at: mail, when: 'sender.domain == "bulk.example"', then: { pool: bulk } }
        s: { at: mail, when: 'sender.inGroup("partners")', then: { snat: 127.0.2.7 } }
        """;
    try (SmtpMember hub = new SmtpMember();
        SmtpMember bulk = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(directory, RuleHouse.file(hub, bulk, "", rules, "p, s"));
        MailLink link = MailLink.greeted(house)) {
      for (int i = 0; i < 5; i++) {
        assertThat(link.send("a@example.org")).startsWith("250");
        assertThat(link.send("b@bulk.example")).startsWith("250");
        assertThat(link.send("c@example.com")).startsWith("250");
      }
      assertThat(bulk.came()).hasSize(5).containsOnly("127.0.0.1 <b@bulk.example>");
      assertThat(hub.came())
          .hasSize(10)
          .containsOnly("127.0.2.7 <a@example.org>", "127.0.0.1 <c@example.com>");
    }
  }

  @Test
  void theLimitsOfAChosenClassAreKept() throws Exception {
    String rules = RuleHouse.rule(RuleHouse.Step.CONNECT, "true", "{ client-class: few }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, rules, "r"));
        MailLink first = MailLink.greeted(house)) {
      assertThat(RuleHouse.walk(house).getFirst()).startsWith("421 4.7.0 Too many connections");
      assertThat(first.say("QUIT")).startsWith("221");
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(RuleHouse.walk(house)).hasSize(6);
    }
  }

  @Test
  void theClassOfTheLastMessageSaysNothingOfTheNext() throws Exception {
    String rules =
        RuleHouse.rule(RuleHouse.Step.MAIL, "client.class == \"rest\"", "{ client-class: relay }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, RuleHouse.file(member, rules, "r"));
        MailLink link = MailLink.greeted(house)) {
      link.send("a@example.org");
      link.send("b@example.org");
      assertThat(member.came())
          .containsExactly("127.0.2.9 <a@example.org>", "127.0.2.9 <b@example.org>");
    }
  }

  @Test
  void inModeTcpARuleMayChoosePoolSourceAddressAndClass() throws Exception {
    String rules =
        """
        p: { at: connect, when: 'client.address == "127.0.0.3"', then: { pool: bulk } }
        s: { at: connect, when: 'client.address == "127.0.0.3"', then: { snat: 127.0.2.7 } }
        c: { at: connect, when: 'client.address == "127.0.0.4"', then: { client-class: relay } }
        """;
    try (SmtpMember hub = new SmtpMember();
        SmtpMember bulk = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory, RuleHouse.file(hub, bulk, "mode: tcp,", rules, "p, s, c"))) {
      for (String from : List.of("127.0.0.3", "127.0.0.4", "127.0.0.5")) {
        try (MailLink link = MailLink.from(from, house)) {
          link.say("EHLO client.example.org");
          link.send(from + "@example.org");
        }
      }
      assertThat(bulk.came()).containsExactly("127.0.2.7 <127.0.0.3@example.org>");
      assertThat(hub.came())
          .containsExactly(
              "127.0.2.9 <127.0.0.4@example.org>", "127.0.0.1 <127.0.0.5@example.org>");
      await().until(() -> house.log().contains("class=relay"));
    }
  }

  @Test
  void inModeTcpALinkLeavesTheClassThatARuleChose() throws Exception {
    String rules = "c: { at: connect, when: 'true', then: { client-class: few } }";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory, RuleHouse.file(member, member, "mode: tcp,", rules, "c"))) {
      for (int i = 0; i < 2; i++) {
        try (Socket client = house.connect("mail")) {
          assertThat(RunningHouse.line(client)).isEqualTo(SmtpMember.BANNER);
          assertThat(RuleHouse.links(house, "few")).isEqualTo(1);
          assertThat(RuleHouse.links(house, "rest")).isZero();
          assertThatThrownBy(() -> RuleHouse.hear(house, "127.0.0.5"))
              .isInstanceOf(IOException.class);
        }
        await().until(() -> RuleHouse.links(house, "few") == 0);
      }
      assertThat(RuleHouse.links(house, "rest")).isZero();
    }
  }
}
