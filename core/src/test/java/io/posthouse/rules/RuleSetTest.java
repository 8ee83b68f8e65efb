package io.posthouse.rules;

import static io.posthouse.rules.Given.clientClass;
import static io.posthouse.rules.Given.dry;
import static io.posthouse.rules.Given.facts;
import static io.posthouse.rules.Given.limit;
import static io.posthouse.rules.Given.pool;
import static io.posthouse.rules.Given.refuse;
import static io.posthouse.rules.Given.rule;
import static io.posthouse.rules.Given.snat;
import static io.posthouse.rules.Given.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.RuleAction.Verdict;
import io.posthouse.model.RuleEvent;
import io.posthouse.rules.Firing.What;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the rules of an event come to. */
class RuleSetTest {
  private static final RuleEvent MAIL = RuleEvent.MAIL;

  private static RuleVerdict ask(LiveRule... rules) {
    return ask(MAIL, rules);
  }

  private static RuleVerdict ask(RuleEvent at, LiveRule... rules) {
    return new RuleSet(List.of(rules)).evaluate(at, facts(), false);
  }

  private static RuleVerdict.Stop stop(RuleVerdict verdict) {
    assertThat(verdict).isInstanceOf(RuleVerdict.Stop.class);
    return (RuleVerdict.Stop) verdict;
  }

  private static RuleVerdict.Go go(RuleVerdict verdict) {
    assertThat(verdict).isInstanceOf(RuleVerdict.Go.class);
    return (RuleVerdict.Go) verdict;
  }

  @Test
  void withoutARuleThatFiresItGoesOnAsIfThereWereNone() {
    assertThat(ask(rule("no", MAIL, "size < 1", refuse("No")))).isSameAs(RuleVerdict.Go.ON);
    assertThat(ask(rule("later", RuleEvent.DATA, "true", refuse("No"))))
        .isSameAs(RuleVerdict.Go.ON);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT, Not you, 554 5.7.1 Not you",
    "CONNECT, 421 4.7.0 Later, 421 4.7.0 Later",
    "HELLO, Not you, 550 5.7.1 Not you",
    "MAIL, 552 5.3.4 Too big, 552 5.3.4 Too big",
    "RECIPIENT, 451 Later, 451 Later",
    "DATA, 554 5.7.1 No, 554 5.7.1 No"
  })
  void aRefusalIsToldInItsOwnWords(RuleEvent at, String text, String reply) {
    assertThat(RuleReply.problem(at, text)).isEmpty();
    assertThat(stop(ask(at, rule("r", at, "true", refuse(text)))).reply().phrase())
        .isEqualTo(reply);
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL, 421 4.7.0 Bye",
    "MAIL, 250 2.0.0 Ok",
    "MAIL, 550 4.7.1 Mixed",
    "MAIL, 550",
    "MAIL, ' '",
    "MAIL, Grüße",
    "CONNECT, 550 5.7.1 No",
    "MAIL, 999 9.9.9 No"
  })
  void aReplyThatNoClientUnderstandsIsRefused(RuleEvent at, String text) {
    assertThat(RuleReply.problem(at, text)).isPresent();
  }

  @Test
  void acceptEndsTheLookAtOneEvent() {
    assertThat(
            ask(
                rule("known", MAIL, "client.inGroup('devices')", verdict(Verdict.ACCEPT)),
                rule("no", MAIL, "true", refuse("No"))))
        .isSameAs(RuleVerdict.Go.ON);
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsTheLinkWhereverItIs(RuleEvent at) {
    RuleVerdict.Stop stop = stop(ask(at, rule("c", at, "true", verdict(Verdict.CLOSE))));
    assertThat(stop.reply().code()).isEqualTo(421);
    assertThat(stop.silent()).isTrue();
  }

  @Test
  void logIsALineAndNothingElse() {
    RuleVerdict.Go go = go(ask(rule("l", MAIL, "true", verdict(Verdict.LOG))));
    assertThat(go.detour()).isEqualTo(Detour.NONE);
    assertThat(go.firings()).singleElement().returns(What.LOGGED, Firing::what);
  }

  @Test
  void theFirstRuleToChooseWins() {
    RuleVerdict.Go go =
        go(
            ask(
                rule("one", MAIL, "true", pool("bulk")),
                rule("two", MAIL, "true", pool("other")),
                rule("three", MAIL, "true", snat("outside")),
                rule("four", MAIL, "true", clientClass("relay"))));
    assertThat(go.detour()).isEqualTo(new Detour("bulk", "outside", "relay"));
    assertThat(go.firings()).isEmpty();
  }

  @Test
  void whoIsOverTheLimitIsRefusedForNow() {
    RuleSet rules = new RuleSet(List.of(rule("l", MAIL, "true", limit(2))));
    assertThat(rules.evaluate(MAIL, facts(), false)).isSameAs(RuleVerdict.Go.ON);
    assertThat(rules.evaluate(MAIL, facts(), true)).isSameAs(RuleVerdict.Go.ON);
    assertThat(rules.evaluate(MAIL, facts(), false)).isSameAs(RuleVerdict.Go.ON);
    assertThat(stop(rules.evaluate(MAIL, facts(), false)).reply().code()).isEqualTo(451);
  }

  @Test
  void aRuleThatCannotBeEvaluatedRefusesForNowAndSaysWhy() {
    LiveRule broken = rule("b", MAIL, "1 / (size - size) == 1", verdict(Verdict.ACCEPT));
    RuleVerdict.Stop stop = stop(ask(broken));
    assertThat(stop.reply().code()).isEqualTo(451);
    assertThat(stop.firings())
        .singleElement()
        .returns(What.FAILED, Firing::what)
        .returns("/ by zero", Firing::detail);
    assertThat(broken.counts().failed()).isEqualTo(1);
    assertThat(broken.counts().fired()).isZero();
  }

  @Test
  void whatAFailureHidesBehindAnOrDoesNotMatter() {
    assertThat(ask(rule("b", MAIL, "tls || 1 / (size - size) == 1", verdict(Verdict.ACCEPT))))
        .isSameAs(RuleVerdict.Go.ON);
  }

  @Test
  void aDryRunIsCountedAndToldAndDoesNothing() {
    LiveRule refusing = dry("r", MAIL, "true", refuse("No"));
    LiveRule choosing = dry("p", MAIL, "true", pool("bulk"));
    LiveRule broken = dry("b", MAIL, "1 / (size - size) == 1", refuse("No"));
    RuleVerdict.Go go = go(ask(refusing, choosing, broken));
    assertThat(go.detour()).isEqualTo(Detour.NONE);
    assertThat(go.firings())
        .extracting(Firing::what)
        .containsExactly(What.DRY, What.DRY, What.FAILED);
    assertThat(refusing.counts().fired()).isEqualTo(1);
  }

  @Test
  void aDryLimitTellsWhoWouldHaveBeenRefused() {
    RuleSet rules = new RuleSet(List.of(dry("l", MAIL, "true", limit(1))));
    assertThat(rules.evaluate(MAIL, facts(), false).firings()).isEmpty();
    assertThat(rules.evaluate(MAIL, facts(), false).firings()).hasSize(1);
  }

  @Test
  void askedAgainNothingIsCountedAndNothingIsToldTwice() {
    LiveRule log = rule("l", MAIL, "true", verdict(Verdict.LOG));
    LiveRule pool = rule("p", MAIL, "true", pool("bulk"));
    RuleVerdict.Go go = go(new RuleSet(List.of(log, pool)).evaluate(MAIL, facts(), true));
    assertThat(go).isEqualTo(new RuleVerdict.Go(new Detour("bulk", null, null), List.of()));
    assertThat(log.counts().fired()).isZero();
  }

  @Test
  void aLaterChoiceStandsInFrontOfAnEarlierOne() {
    Detour ofMail = new Detour(null, "outside", null);
    Detour ofLink = new Detour("bulk", "inside", null);
    assertThat(ofMail.or(ofLink)).isEqualTo(new Detour("bulk", "outside", null));
    assertThat(Detour.NONE.or(ofLink)).isSameAs(ofLink);
    assertThat(ofLink.or(Detour.NONE)).isSameAs(ofLink);
  }
}
