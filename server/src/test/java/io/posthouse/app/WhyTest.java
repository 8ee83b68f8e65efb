package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Entrance;
import io.posthouse.door.Status.ClassStatus;
import io.posthouse.door.Status.EdgeStatus;
import io.posthouse.door.Status.RuleStatus;
import io.posthouse.door.Why;
import io.posthouse.door.Why.LimitUse;
import io.posthouse.door.Why.OfServer;
import io.posthouse.door.Why.Outlook;
import io.posthouse.door.Why.Question;
import io.posthouse.health.SenderScope;
import io.posthouse.model.AdminState;
import io.posthouse.model.IpAddress;
import io.posthouse.policy.Entry;
import io.posthouse.policy.Explanation.Admission;
import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What why says is what links meet. */
@ExtendWith(NoLeaks.class)
final class WhyTest {
  @TempDir Path directory;

  private static String file(SmtpMember one, SmtpMember other) {
    return """
    data-groups: { trusted: [127.0.0.2], nets: [127.0.1.0/24], inside: { type: domain, values: [contoso.com] } }
    snat-pools: { outside: [127.0.2.1, 127.0.2.2, 127.0.2.3] }
    client-classes:
      relay: { from: [trusted, nets], relay: any, snat: outside, limits: { connections: 2 } }
    pools:
      hub: { inside-senders: inside, members: { ex1: 127.0.0.1:%d, ex2: 127.0.0.1:%d } }
    virtual-servers:
      mail: { listen: 127.0.0.1:0, pool: hub, classes: [relay] }
      stay: { listen: 127.0.0.7:0, pool: hub, classes: [relay], persistence: { by: source-address } }
    """
        .formatted(one.port(), other.port());
  }

  @Test
  void theMemberAndTheSourceAddressAreThoseOfTheNextMessageEachTime() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, other))) {
      for (int i = 0; i < 5; i++) {
        Outlook next = ask(house, "127.0.1.77", "mail").members().getFirst();
        assertThat(ask(house, "127.0.1.77", "mail").members().getFirst()).isEqualTo(next);
        SmtpMember expected = next.name().equals("ex1") ? one : other;
        int before = expected.came().size();
        send(house, "mail", "127.0.1.77");
        InetAddress source = next.source();
        String seen = source == null ? "none" : source.getHostAddress();
        assertThat(expected.came()).hasSize(before + 1);
        assertThat(expected.came().getLast()).isEqualTo(seen + " <a@contoso.com>");
      }
      assertThat(one.came()).isNotEmpty();
      assertThat(other.came()).isNotEmpty();
    }
  }

  @Test
  void thePersistentMemberIsNamedFirstAndADrainingOneIsNone() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, other))) {
      send(house, "stay", "127.0.0.2");
      String had = one.came().isEmpty() ? "ex2" : "ex1";
      Outlook first = ask(house, "127.0.0.2", "stay").members().getFirst();
      assertThat(first.name()).isEqualTo(had);
      assertThat(first.why()).startsWith("persistence");

      house.posthouse().control().administer("hub", had, AdminState.DRAINING, "test");
      List<Outlook> members = ask(house, "127.0.0.2", "stay").members();
      assertThat(members).extracting(Outlook::turn).containsExactly(1, 0);
      assertThat(members.getLast().name()).isEqualTo(had);
      assertThat(members.getLast().why()).isEqualTo("is draining");
    }
  }

  @Test
  void aFullClassLetsNobodyInAndSaysSo() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, other));
        MailLink first = MailLink.from("127.0.0.2", house, "mail")) {
      assertThat(ask(house, "127.0.0.2", "mail").isAdmitted()).isTrue();
      try (MailLink second = MailLink.from("127.0.1.1", house, "stay")) {
        OfServer full = ask(house, "127.0.0.2", "mail");
        assertThat(full.limits()).containsExactly(new LimitUse("connections", 2, 2));
        assertThat(full.isAdmitted()).isFalse();
        assertThat(full.obstacle()).isEqualTo("connections is 2, and all are taken");
        assertThat(first.say("NOOP")).startsWith("250");
        assertThat(second.say("NOOP")).startsWith("250");
      }
    }
  }

  @Test
  void theSenderIsInsideByTheListOfThePool() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, other))) {
      assertThat(scope(house, "a@contoso.com")).isEqualTo(SenderScope.INSIDE);
      assertThat(scope(house, "a@fabrikam.com")).isEqualTo(SenderScope.OUTSIDE);
      assertThat(scope(house, null)).isNull();
      Why.Explainer candidate = CandidateExplainer.of(directory.resolve("posthouse.yaml"));
      assertThat(only(candidate, "a@contoso.com").scope()).isEqualTo(SenderScope.INSIDE);
      assertThat(only(candidate, "a@fabrikam.com").scope()).isEqualTo(SenderScope.OUTSIDE);
      assertThat(only(candidate, null).scope()).isNull();
      assertThat(only(candidate, null).members()).extracting(Outlook::turn).containsExactly(0, 0);
    }
  }

  private static @Nullable SenderScope scope(RunningHouse house, @Nullable String sender) {
    return only(house.posthouse().explainer(), sender).scope();
  }

  private static OfServer only(Why.Explainer explainer, @Nullable String sender) {
    Question question = new Question(InetAddress.ofLiteral("127.0.0.2"), "mail", sender, null);
    return explainer.explain(question).servers().getFirst();
  }

  @Test
  void everyVirtualServerAnswersAndAnUnknownOneHasANeighbour() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, other))) {
      Why.Explainer explainer = house.posthouse().explainer();
      Why all =
          explainer.explain(new Question(InetAddress.ofLiteral("192.0.2.7"), null, null, null));
      assertThat(all.servers()).hasSize(2).noneMatch(OfServer::isAdmitted);
      assertThat(all.generation()).isEqualTo(1);
      assertThatThrownBy(() -> ask(house, "127.0.0.2", "mial"))
          .isInstanceOf(BadQuestionException.class)
          .hasMessageContaining("did you mean mail?");
    }
  }

  @Test
  void statusCountsLinksMessagesAndRefusalsByClass() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, file(one, other))) {
      try (Socket stranger = house.connectFrom("127.0.0.9", "mail")) {
        assertThat(RunningHouse.line(stranger)).startsWith("554 ");
      }
      send(house, "mail", "127.0.0.2");
      ClassStatus relay = house.server("mail").classes().getFirst();
      assertThat(relay.name()).isEqualTo("relay");
      assertThat(relay.links()).isEqualTo(1);
      assertThat(relay.messages()).isEqualTo(1);
      assertThat(relay.limits().connections()).isEqualTo(2);
      await().until(() -> house.server("mail").links().ofNoClass() == 1);
      assertThat(house.server("mail").links().refused()).isEqualTo(1);
    }
  }

  @Test
  void aCandidateIsExplainedWithItsListFiles() throws Exception {
    Path file = directory.resolve("other.yaml");
    Files.writeString(directory.resolve("nets.txt"), "# branch offices\n198.51.100.0/24\n");
    Files.writeString(
        file,
        """
        version: 1
        data-groups: { nets: { file: nets.txt } }
        client-classes: { own: { from: nets, relay: none, snat: none, member-port: 2525 } }
        pools: { hub: { members: { a: 10.1.1.21:25, b: "[2001:db8::21]:25" } } }
        virtual-servers: { MX: { listen: 192.0.2.1:25, pool: hub, classes: [own] } }
        """);
    Question question = new Question(InetAddress.ofLiteral("198.51.100.7"), null, null, null);
    OfServer answer = CandidateExplainer.of(file).explain(question).servers().getFirst();
    Admission admission = answer.explanation().admission();
    assertThat(admission == null ? null : admission.entry())
        .isEqualTo(new Entry("198.51.100.0/24", "nets.txt line 2"));
    assertThat(answer.members())
        .extracting(each -> each.address() + " " + each.why())
        .containsExactly("10.1.1.21:2525 ", "[2001:db8::21]:2525 no source address of its family");
  }

  @Test
  void rulesAndEdgeChecksAreForetoldAsTheyHappenAndNothingIsCounted() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, ruled(one, other))) {
      assertThat(ask(house, "127.0.1.77", "mail").obstacle())
          .isEqualTo("rule strangers: 554 5.7.1 Not from there");
      assertThat(outlooks(house, "127.0.0.2"))
          .containsExactly(
              "strangers DOES_NOT_FIRE ", "name DEPENDS helo", "mad FIRES 550 5.7.1 Mad");
      assertThat(house.server("mail").rules()).extracting(RuleStatus::fired).containsOnly(0L);
      assertThat(house.server("mail").edgeChecks())
          .extracting(EdgeStatus::asked)
          .containsExactly(0L);
      assertThat(house.log()).doesNotContain("rule refused");

      try (Socket refused = house.connectFrom("127.0.1.77", "mail")) {
        assertThat(RunningHouse.line(refused)).isEqualTo("554 5.7.1 Not from there");
      }
      try (MailLink link = MailLink.from("127.0.0.2", house, "mail")) {
        link.say("EHLO client.example.org");
        assertThat(link.say("MAIL FROM:<a@contoso.com>")).isEqualTo("550 5.7.1 Mad");
      }
      Why.Explainer candidate = CandidateExplainer.of(directory.resolve("posthouse.yaml"));
      assertThat(String.valueOf(only(candidate, "a@contoso.com").entrance()))
          .contains("EdgeOutlook[name=internet")
          .contains("course=FIRES, detail=550 5.7.1 Mad");
    }
  }

  /** The rule of the message goes another way than its class, and the answer goes with it. */
  @Test
  void whatRulesChooseIsFollowedAsMessagesFollowIt() throws Exception {
    try (SmtpMember one = new SmtpMember();
        SmtpMember other = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, diverted(one, other))) {
      for (Why.Explainer explainer :
          List.of(
              house.posthouse().explainer(),
              CandidateExplainer.of(directory.resolve("posthouse.yaml")))) {
        OfServer answer = only(explainer, "news@contoso.com");
        Entrance entrance = answer.entrance();
        assertThat(entrance).isNotNull();
        Admission served = entrance == null ? null : entrance.served();
        assertThat(served == null ? null : served.settings().name()).isEqualTo("strict");
        assertThat(served == null ? null : served.settings().relay()).isEqualTo("inside");
        assertThat(served == null ? null : served.pool().name()).isEqualTo("bulk");
        assertThat(entrance == null ? null : entrance.rules().perhaps()).containsExactly("big");
        assertThat(answer.limits())
            .extracting(LimitUse::key)
            .containsExactly("connections-per-client");
        assertThat(answer.members())
            .extracting(each -> each.name() + ' ' + each.address().port() + ' ' + each.source())
            .containsExactly("ex1 " + other.port() + " /127.0.2.9");
        assertThat(answer.scope()).isEqualTo(SenderScope.OUTSIDE);
        assertThat(only(explainer, "a@contoso.com").members()).hasSize(2);
      }
      try (MailLink link = MailLink.from("127.0.0.2", house, "mail")) {
        link.say("EHLO client.example.org");
        assertThat(link.say("MAIL FROM:<news@contoso.com>")).startsWith("250");
        assertThat(link.say("RCPT TO:<b@example.net>")).startsWith("550 5.7.1 Relaying denied");
        assertThat(link.say("RCPT TO:<b@contoso.com>")).startsWith("250");
        assertThat(link.say("DATA")).startsWith("354");
        link.write(MailLink.BODY);
        assertThat(link.reply()).startsWith("250");
      }
      assertThat(one.came()).isEmpty();
      assertThat(other.came()).containsExactly("127.0.2.9 <news@contoso.com>");
    }
  }

  private static String diverted(SmtpMember one, SmtpMember other) {
    return file(one, other)
            .replace(
                "client-classes:",
                "client-classes:\n"
                    + "  strict: { from: trusted, relay: inside, limits: { connections-per-client: 9 } }")
            .replace("snat: outside,", "snat: outside, member-addresses: { ex1: 127.0.0.1:9 },")
            .replace(
                "pools:\n",
                "pools:\n  bulk: { members: { ex1: 127.0.0.1:%d } }\n".formatted(other.port()))
            .replace(
                "mail: { listen: 127.0.0.1:0,",
                "mail: { rules: [strict, big, news, source], listen: 127.0.0.1:0,")
        + """
        rules:
          strict: { at: connect, when: client.inGroup("trusted"), then: { client-class: strict } }
          big: { at: mail, when: size > 5000000, then: { snat: 127.0.2.8 } }
          news: { at: mail, when: 'sender.address == "news@contoso.com"', then: { pool: bulk } }
          source: { at: mail, when: client.inGroup("trusted"), then: { snat: 127.0.2.9 } }
        """;
  }

  private static String ruled(SmtpMember one, SmtpMember other) {
    return file(one, other)
            .replace(
                "mail: { listen: 127.0.0.1:0,",
                "mail: { edge-checks: internet, rules: [strangers, name, mad], listen: 127.0.0.1:0,")
        + """
        edge-checks: { internet: { limits: { per-client: { connections: 1 } } } }
        rules:
          strangers: { at: connect, when: client.inGroup("nets"), then: { refuse: "554 5.7.1 Not from there" } }
          name: { at: hello, when: helo == "mail.contoso.com", then: close }
          mad: { at: mail, when: 'sender.address == "a@contoso.com"', then: { refuse: "550 5.7.1 Mad" } }
        """;
  }

  private static List<String> outlooks(RunningHouse house, String client) {
    Question question = new Question(InetAddress.ofLiteral(client), "mail", "a@contoso.com", null);
    Entrance entrance =
        house.posthouse().explainer().explain(question).servers().getFirst().entrance();
    return entrance == null
        ? List.of()
        : entrance.rules().rules().stream()
            .map(each -> each.rule().name() + ' ' + each.course() + ' ' + each.detail())
            .toList();
  }

  private static OfServer ask(RunningHouse house, String client, String server) {
    InetAddress address = IpAddress.parse(client).orElseThrow();
    Question question = new Question(address, server, null, null);
    return house.posthouse().explainer().explain(question).servers().getFirst();
  }

  private static void send(RunningHouse house, String server, String from) throws IOException {
    try (MailLink link = MailLink.from(from, house, server)) {
      link.say("EHLO client.example.org");
      assertThat(link.send("a@contoso.com")).startsWith("250");
      link.say("QUIT");
    }
  }
}
