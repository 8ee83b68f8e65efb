package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Status.RuleStatus;
import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules do to links and messages, through a whole Posthouse. */
@ExtendWith(NoLeaks.class)
final class RulesTest {
  @TempDir Path directory;

  /** A step of a client, and the command that takes it. */
  enum Step {
    CONNECT("", 1, 0),
    HELLO("EHLO client.example.org", 2, 0),
    MAIL("MAIL FROM:<a@example.org>", 3, 0),
    RECIPIENT("RCPT TO:<b@example.net>", 4, 1),
    DATA("DATA", 5, 1);

    private final String command;

    /** How much a client has heard that is refused at it. */
    private final int heard;

    /** How many messages a member has heard of then. */
    private final int came;

    Step(String command, int heard, int came) {
      this.command = command;
      this.heard = heard;
      this.came = came;
    }

    String event() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static String file(SmtpMember hub, String rules, String names) {
    return file(hub, hub, "", rules, names);
  }

  private static String file(
      SmtpMember hub, SmtpMember bulk, String mode, String rules, String names) {
    return """
    data-groups:
      trusted: [127.0.0.2]
      partners: { type: domain, values: [example.org] }
    snat-pools: { outside: [127.0.2.1] }
    client-classes:
      relay: { from: trusted, relay: any, snat: 127.0.2.9 }
      rest: { from: any, relay: server, limits: { connections: 100 } }
      few: { from: trusted, relay: server, limits: { connections: 1 } }
      locked: { from: trusted, relay: partners }
    rules:
    %s
    pools:
      hub: { members: { ex1: 127.0.0.1:%d } }
      bulk: { members: { ex1: 127.0.0.1:%d } }
    virtual-servers:
      mail: { %s listen: 127.0.0.1:0, pool: hub, classes: [rest], rules: [%s] }
    """
        .formatted(rules.indent(2).stripTrailing(), hub.port(), bulk.port(), mode, names);
  }

  private static String rule(Step at, String when, String then) {
    return "r: { at: %s, when: '%s', then: %s }".formatted(at.event(), when, then);
  }

  /** What a client hears, step by step, until it is refused or the link ends. */
  private static List<String> walk(RunningHouse house) throws IOException {
    List<String> heard = new ArrayList<>();
    try (Socket client = house.connect("mail")) {
      for (Step step : Step.values()) {
        String line = step == Step.CONNECT ? RunningHouse.line(client) : say(client, step.command);
        heard.add(line);
        if (line.charAt(0) > '3') {
          return heard;
        }
      }
      heard.add(say(client, "Subject: x\r\n\r\nhello\r\n."));
      say(client, "QUIT");
    } catch (IOException ended) {
      heard.add("ended");
    }
    return heard;
  }

  private static String say(Socket client, String line) throws IOException {
    String last = RunningHouse.say(client, line);
    while (last.length() > 3 && last.charAt(3) == '-') {
      last = RunningHouse.line(client);
    }
    return last;
  }

  private static RuleStatus status(RunningHouse house) {
    return house.server("mail").rules().getFirst();
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalComesAtItsEventInItsOwnWords(Step at) throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(directory, file(member, rule(at, "true", "{ refuse: Go }"), "r"))) {
      List<String> heard = walk(house);

      assertThat(heard).hasSize(at.heard);
      assertThat(heard.getLast()).isEqualTo((at == Step.CONNECT ? "554" : "550") + " 5.7.1 Go");
      assertThat(member.came()).hasSize(at.came);
      assertThat(status(house).fired()).isEqualTo(1);
      await().until(() -> house.log().contains("rule refused a client"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCloseEndsTheLinkAtItsEvent(Step at) throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(directory, file(member, rule(at, "true", "close"), "r"))) {
      List<String> heard = walk(house);

      assertThat(heard.getLast()).matches(at == Step.CONNECT ? "ended" : "421 4\\.7\\.1 .*");
      assertThat(heard).hasSize(at.heard);
      await().until(() -> house.log().contains("end=rule"));
      await().until(() -> house.server("mail").links().open() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void acceptLogAndADryRunChangeNothing(Step at) throws Exception {
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
            RunningHouse.start(directory, file(member, rules, "dry, log, ok, never"))) {
      assertThat(walk(house)).hasSize(6).last().asString().startsWith("250 ");

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
  void aLimitRefusesForNow(Step at) throws Exception {
    String limit = rule(at, "true", "{ limit: { per-minute-per-client: 2 } }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, limit, "r"))) {
      assertThat(walk(house)).hasSize(6);
      assertThat(walk(house)).hasSize(6);
      assertThat(walk(house).getLast())
          .startsWith((at == Step.CONNECT ? "421" : "451") + " 4.7.1 Too many");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleThatCannotBeEvaluatedRefusesForNowWithALine(Step at) throws Exception {
    String broken = rule(at, "time.getHours(\"Nowhere\") == 1", "accept");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, broken, "r"))) {
      assertThat(walk(house).getLast())
          .startsWith((at == Step.CONNECT ? "421" : "451") + " 4.3.5 ");

      assertThat(status(house)).returns(1L, RuleStatus::failed).returns(0L, RuleStatus::fired);
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .containsPattern(
                      "could not be evaluated .*rule=r .*reason=.*Nowhere.*remedy=.*dry-run"));
    }
  }

  @Test
  void whoeverProvokesAFailureWritesOneLineALink() throws Exception {
    String broken = rule(Step.HELLO, "int(helo) == 1", "accept");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, broken, "r"));
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
      assertThat(status(house).failed()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONNECT", "HELLO", "MAIL"})
  void aRuleMayChooseThePool(Step at) throws Exception {
    try (SmtpMember hub = new SmtpMember();
        SmtpMember bulk = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory, file(hub, bulk, "", rule(at, "true", "{ pool: bulk }"), "r"))) {
      assertThat(walk(house)).hasSize(6);
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
  void aRuleMayChooseTheSourceAddress(Step at, String snat) throws Exception {
    String rules = rule(at, "true", "{ snat: " + snat + " }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, rules, "r"))) {
      assertThat(walk(house)).hasSize(6);
      assertThat(member.came())
          .containsExactly(snat.replace("outside", "127.0.2.1") + " <a@example.org>");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONNECT", "HELLO", "MAIL"})
  void aRuleMayChooseTheClassWithAllThatItSays(Step at) throws Exception {
    String rules = rule(at, "true", "{ client-class: relay }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, rules, "r"))) {
      assertThat(walk(house)).hasSize(6);
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
        RunningHouse house = RunningHouse.start(directory, file(hub, bulk, "", rules, "p, s"));
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
    String rules = rule(Step.CONNECT, "true", "{ client-class: few }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, rules, "r"));
        MailLink first = MailLink.greeted(house)) {
      assertThat(walk(house).getFirst()).startsWith("421 4.7.0 Too many connections");
      assertThat(first.say("QUIT")).startsWith("221");
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(walk(house)).hasSize(6);
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
        RunningHouse house = RunningHouse.start(directory, file(member, rules, "c, r"))) {
      assertThat(walk(house).getLast()).startsWith("550 5.7.1 Relaying denied");
    }
  }

  @Test
  void theClassOfTheLastMessageSaysNothingOfTheNext() throws Exception {
    String rules = rule(Step.MAIL, "client.class == \"rest\"", "{ client-class: relay }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, rules, "r"));
        MailLink link = MailLink.greeted(house)) {
      link.send("a@example.org");
      link.send("b@example.org");
      assertThat(member.came())
          .containsExactly("127.0.2.9 <a@example.org>", "127.0.2.9 <b@example.org>");
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
                file(member, rules, "a, n, c")
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

  @Test
  void aReloadAsksTheRulesOfTheLinkAnew() throws Exception {
    String choosing = rule(Step.CONNECT, "true", "{ client-class: relay }");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, choosing, "r"));
        MailLink link = MailLink.greeted(house)) {
      link.send("a@example.org");
      house.reload(file(member, rule(Step.HELLO, "true", "{ snat: 127.0.2.7 }"), "r"));
      link.send("b@example.org");
      house.reload(file(member, "{}", ""));
      link.send("c@example.org");
      house.reload(file(member, rule(Step.CONNECT, "true", "{ refuse: Go }"), "r"));

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
    String log = rule(Step.MAIL, "true", "log");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(member, log, "r"))) {
      walk(house);
      house.reload(file(member, log, "r").replace("connections: 100", "connections: 99"));
      walk(house);
      assertThat(status(house).fired()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "{ limit: { per-minute: 0, per-minute-per-client: 1 } }"})
  void inModeTcpARefusedClientIsReset(String then) throws Exception {
    String rules = rule(Step.CONNECT, "!client.inGroup(\"trusted\")", then);
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(directory, file(member, member, "mode: tcp,", rules, "r"))) {
      if (!then.equals("close")) {
        assertThat(hear(house, "127.0.0.1")).isEqualTo(SmtpMember.BANNER);
      }
      assertThatThrownBy(() -> hear(house, "127.0.0.1")).isInstanceOf(IOException.class);
      assertThat(hear(house, "127.0.0.2")).isEqualTo(SmtpMember.BANNER);
      await().until(() -> house.log().contains("end=rule"));
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
            RunningHouse.start(directory, file(hub, bulk, "mode: tcp,", rules, "p, s, c"))) {
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
            RunningHouse.start(directory, file(member, member, "mode: tcp,", rules, "c"))) {
      for (int i = 0; i < 2; i++) {
        try (Socket client = house.connect("mail")) {
          assertThat(RunningHouse.line(client)).isEqualTo(SmtpMember.BANNER);
          assertThat(links(house, "few")).isEqualTo(1);
          assertThat(links(house, "rest")).isZero();
          assertThatThrownBy(() -> hear(house, "127.0.0.5")).isInstanceOf(IOException.class);
        }
        await().until(() -> links(house, "few") == 0);
      }
      assertThat(links(house, "rest")).isZero();
    }
  }

  /** Links of a class now. */
  private static long links(RunningHouse house, String name) {
    return house.server("mail").classes().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .open();
  }

  private static String hear(RunningHouse house, String from) throws IOException {
    try (Socket client = house.connectFrom(from, "mail")) {
      return RunningHouse.line(client);
    }
  }
}
