package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.audit.RelayPatterns.Pattern;
import io.posthouse.audit.Tried.Outcome;
import io.posthouse.model.FindingKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What answers come to, and the one change that they ask for. */
class LiveFindingsTest {
  private static final String[] NOTHING = {};
  private static final List<Pattern> ALL =
      RelayPatterns.of("relaytest@example.net", "lb.example.org", "192.0.2.1");

  private static LiveTarget target(String name, String... replacements) {
    return LivePlanTest.plan(AuditedFile.with(replacements)).targets().stream()
        .filter(each -> each.name().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Tried> plain(Outcome outcome, String said) {
    return ALL.stream()
        .map(each ->
            each.hidden()
                ? new Tried(each, Outcome.REFUSED, "RCPT: 550 no")
                : new Tried(each, outcome, said))
        .toList();
  }

  private static Finding finding(LiveTarget target, List<Tried> answers) {
    List<Finding> found = LiveFindings.of(target, answers);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  @Test
  void whereAllAreRefusedThereIsNothing() {
    assertThat(LiveFindings.of(target("internet"), plain(Outcome.REFUSED, "RCPT: 550"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"internet, RELAYS_FOR_CLASS", "hub/ex1, MEMBER_RELAYS"})
  void whatWasTakenInTheOpenIsHighAndNamesTheReply(String name, FindingKind kind) {
    Finding finding = finding(target(name), plain(Outcome.ACCEPTED, "250 2.1.5 Ok"));

    assertThat(finding.kind()).isEqualTo(kind);
    assertThat(finding.severity()).isEqualTo(Severity.HIGH);
    assertThat(finding.problem())
        .contains("RCPT TO:<relaytest@example.net>", "250 2.1.5 Ok", "and 7 more");
    Stream.of(finding.problem(), finding.harm(), finding.remedy())
        .forEach(text -> assertThat(text).endsWith(".").doesNotContain("  ", "null", "%s"));
  }

  @Test
  void whatWasTakenHiddenOnlyIsMedium() {
    List<Tried> answers =
        ALL.stream()
            .map(each ->
                new Tried(each, each.hidden() ? Outcome.ACCEPTED : Outcome.REFUSED, "250 ok"))
            .toList();

    Finding finding = finding(target("hub/ex1"), answers);
    assertThat(finding.severity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.remedy()).contains("swap_bangpath", "local_parts", "Set-RecipientFilter");
  }

  /** The cause that the configuration shows, and the change for it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          internet | snat: outside | snat: 172.16.51.174 | source address of its own (snat), since relay needs
          hub/ex1 | snat: outside | snat: 172.16.51.174 | source address of its own (snat), since relay needs
          internet | monitors: deep\\n | monitors: deep\\n    announce: xclient\\n | sees the client's own address
          internet | pool: hub\\n | pool: hub\\n    mode: tcp\\n | Write mode: smtp in MAIL
          internet | snat: outside | snat: automap | Take the source address of internet off
          hub/ex1 | x | x | Take 172.16.51.175 off the member's list
          """)
  void theChangeIsThatOfTheCause(String name, String part, String other, String remedy) {
    String[] replacements =
        part.equals("x")
            ? NOTHING
            : new String[] {part.translateEscapes(), other.translateEscapes()};

    Finding finding = finding(target(name, replacements), plain(Outcome.ACCEPTED, "250 ok"));
    assertThat(finding.remedy())
        .contains(remedy, "mynetworks", "relay_from_hosts", "Ms-Exch-SMTP-Accept-Any-Recipient");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNTESTED", "UNASKED"})
  void whatNobodyKnowsIsToldAsNotTested(Outcome outcome) {
    Finding finding = finding(target("hub/ex1"), plain(outcome, "what happened"));

    assertThat(finding.kind()).isEqualTo(FindingKind.NOT_TESTED);
    assertThat(finding.problem()).contains("8 of 23 questions", "what happened");
    assertThat(finding.key()).isEqualTo("pools.hub.members.ex1");
  }

  @ParameterizedTest
  @CsvSource({"UNASKED, not asked: 300 s were over", "UNTESTED, foreign: no answer in time"})
  void whoAnswersLateMayDoSoOnPurpose(Outcome outcome, String said) {
    assertThat(finding(target("hub/ex1"), plain(outcome, said)).remedy())
        .contains("TarpitInterval", "smtpd_error_sleep_time");
  }

  @Test
  void whatWasTakenIsToldBesideWhatNobodyKnows() {
    List<Tried> answers =
        ALL.stream()
            .map(each ->
                each.hidden()
                    ? new Tried(each, Outcome.UNASKED, "not asked: 300 s were over")
                    : new Tried(each, Outcome.ACCEPTED, "250 ok"))
            .toList();

    assertThat(LiveFindings.of(target("hub/ex1"), answers))
        .extracting(Finding::kind)
        .containsExactly(FindingKind.MEMBER_RELAYS, FindingKind.NOT_TESTED);
  }
}
