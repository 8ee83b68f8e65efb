package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.audit.Finding;
import io.posthouse.audit.LiveAuditor;
import io.posthouse.audit.LiveAuditor.Answers;
import io.posthouse.audit.RelayPatterns;
import io.posthouse.audit.Severity;
import io.posthouse.audit.Tried;
import io.posthouse.audit.Tried.Outcome;
import io.posthouse.door.BadQuestionException;
import io.posthouse.model.FindingKind;
import io.posthouse.testkit.FreePorts;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedDns;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs is asked as clients of each class, and each member from each of their addresses. */
@ExtendWith(NoLeaks.class)
final class LiveAuditTest {
  private static final String STRANGER = LiveAuditor.RECIPIENT;
  private static final int ALL = RelayPatterns.of(STRANGER, "h", "127.0.0.1").size();

  @TempDir Path directory;

  private static String text(int member, String server) {
    return """
    data-groups:
      apps: [127.0.0.2]
      rest: [127.0.0.3, 127.0.7.0/24]
      ours: { type: domain, values: [ours.example] }
    snat-pools: { outside: [127.0.2.8, 127.0.2.9] }
    client-classes:
      relay: { from: apps, relay: any, snat: 127.0.2.1 }
      listed: { from: rest, relay: ours, snat: 127.0.2.1 }
      internet: { from: any, relay: server, snat: outside }
    pools: { hub: { members: { mx1: "127.0.0.1:%d" } } }
    virtual-servers:
      VS: { listen: "127.0.0.1:0", pool: hub, %s classes: [relay, listed, internet] }
    """
        .formatted(member, server);
  }

  private static Answers ask(RunningHouse house, String target) {
    return house.posthouse().auditor().ask(target, STRANGER);
  }

  @Test
  void theClassesThatAreRestrictedAreAskedAndTheirAddresses() throws Exception {
    int port;
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, text(member.port(), ""))) {
      port = member.port();
      assertThat(house.posthouse().auditor().plan().targets())
          .containsExactly(
              "listed on VS",
              "internet on VS",
              "hub/mx1 at 127.0.0.1:" + port + " from 127.0.2.1",
              "hub/mx1 at 127.0.0.1:" + port + " from 127.0.2.8",
              "hub/mx1 at 127.0.0.1:" + port + " from 127.0.2.9");
    }
  }

  @Test
  void theGuardRefusesThemAllAndNoMemberHearsOfARecipient() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, text(member.port(), ""))) {
      Answers answers = ask(house, "listed on VS");

      assertThat(answers.tried())
          .hasSize(ALL)
          .extracting(Tried::outcome)
          .containsOnly(Outcome.REFUSED);
      assertThat(answers.audit().findings()).isEmpty();
      assertThat(member.verbs()).doesNotContain("RCPT", "DATA");
      await()
          .untilAsserted(() ->
              assertThat(house.log()).containsPattern("link closed .*127.0.0.3 .*class=listed "));
    }
  }

  /** Through the virtual server, so with everything that a client of that class meets. */
  @ParameterizedTest
  @ValueSource(strings = {"mode: smtp,", "mode: tcp,"})
  void whatAMemberTakesOfAClassIsFoundAndNamed(String mode) throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, text(member.port(), mode))) {
      Finding finding = ask(house, "internet on VS").audit().findings().getFirst();

      assertThat(finding.kind()).isEqualTo(FindingKind.RELAYS_FOR_CLASS);
      assertThat(finding.severity()).isEqualTo(Severity.HIGH);
      assertThat(finding.problem())
          .contains("internet on VS", "RCPT TO:<" + STRANGER + ">", "250 ok");
      assertThat(member.came())
          .isNotEmpty()
          .allMatch(each -> each.matches("127\\.0\\.2\\.[89] .*"));
      assertThat(member.verbs()).contains("RCPT").doesNotContain("DATA", "BDAT");
    }
  }

  /** Checks of a client's name and address look at us, who are not the client that we stand for. */
  @Test
  void whatKeepsOffStrangersByNameHidesNoOpenRelay() throws Exception {
    try (ScriptedDns dns = ScriptedDns.start();
        SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                """
                dns: { resolvers: ["127.0.0.1:%d"] }
                edge-checks:
                  strict:
                    refuse-at: greeting
                    reverse-dns: { require: confirmed, action: refuse }
                    hello: { faults: [unqualified, our-name, unknown], action: refuse }
                rules:
                  own-name: { at: hello, when: 'helo == "lb.example.net"', then: { refuse: "550 5.7.1 That is our name" } }
                """
                        .formatted(dns.port())
                    + text(member.port(), "edge-checks: strict, rules: [own-name],"))) {
      Answers answers = ask(house, "internet on VS");

      assertThat(answers.tried())
          .hasSize(ALL)
          .extracting(Tried::outcome)
          .startsWith(Outcome.ACCEPTED)
          .doesNotContain(Outcome.UNTESTED);
      assertThat(answers.audit().findings())
          .extracting(Finding::kind)
          .containsExactly(FindingKind.RELAYS_FOR_CLASS);
      assertThat(dns.asked()).isEmpty();
    }
  }

  @Test
  void straightToAMemberItComesFromTheAddressOfTheClass() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, text(member.port(), ""))) {
      String target = "hub/mx1 at 127.0.0.1:" + member.port() + " from 127.0.2.1";
      Finding finding = ask(house, target).audit().findings().getFirst();

      assertThat(finding.kind()).isEqualTo(FindingKind.MEMBER_RELAYS);
      assertThat(finding.severity()).isEqualTo(Severity.HIGH);
      assertThat(finding.problem()).contains("hub/mx1", "127.0.2.1", "listed on VS", "250 ok");
      assertThat(finding.remedy()).contains("mynetworks", "remote IP ranges");
      assertThat(member.came()).hasSize(ALL).allMatch(each -> each.startsWith("127.0.2.1 "));
    }
  }

  @Test
  void whatCannotBeReachedIsNotTested() throws Exception {
    int nobody = FreePorts.next();
    try (RunningHouse house = RunningHouse.start(directory, text(nobody, ""))) {
      for (String target : List.of("internet on VS", straight(house))) {
        Finding finding = ask(house, target).audit().findings().getFirst();
        assertThat(finding.kind()).isEqualTo(FindingKind.NOT_TESTED);
        assertThat(finding.problem()).containsPattern("(connect|RCPT|MAIL): ");
      }
    }
  }

  private static String straight(RunningHouse house) {
    return house.posthouse().auditor().plan().targets().getLast();
  }

  @Test
  void aRecipientThatIsNoStrangerIsRefused() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, text(member.port(), ""))) {
      LiveAuditor auditor = house.posthouse().auditor();
      for (String bad : List.of("b@ours.example", "b@x\r\nDATA", "\"a b\"@x.example", "x", "")) {
        assertThatThrownBy(() -> auditor.ask("listed on VS", bad))
            .as(bad)
            .isInstanceOf(BadQuestionException.class);
      }
      assertThatThrownBy(() -> auditor.ask("nobody on VS", STRANGER))
          .isInstanceOf(BadQuestionException.class);
      assertThat(member.came()).isEmpty();
    }
  }
}
