package io.posthouse.rules;

import static io.posthouse.rules.Given.clientClass;
import static io.posthouse.rules.Given.dry;
import static io.posthouse.rules.Given.limit;
import static io.posthouse.rules.Given.pool;
import static io.posthouse.rules.Given.refuse;
import static io.posthouse.rules.Given.rule;
import static io.posthouse.rules.Given.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.RuleAction;
import io.posthouse.model.RuleAction.Verdict;
import io.posthouse.model.RuleEvent;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is foretold of rules is what they do; what nobody knows yet is said. */
class RuleForecastTest {
  private static final RuleAction CLOSE = verdict(Verdict.CLOSE);
  private static final RuleAction LOG = verdict(Verdict.LOG);

  private static RuleForecast.Known known(
      boolean secured, @Nullable String from, @Nullable String to) {
    InetAddress client = InetAddress.ofLiteral("10.20.3.4");
    return new RuleForecast.Known(
        Given.GROUPS, client, "relay", secured, false, from, to, Given.NIGHT);
  }

  private static List<String> told(RuleForecast.Known known, LiveRule... rules) {
    return RuleForecast.of(new RuleSet(List.of(rules)), known).rules().stream()
        .map(each -> each.rule().name() + ' ' + each.course() + ' ' + each.detail())
        .map(String::strip)
        .toList();
  }

  private static List<String> told(LiveRule... rules) {
    return told(known(false, null, null), rules);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT, client.inGroup('devices'), FIRES",
    "CONNECT, !client.inGroup('devices'), DOES_NOT_FIRE",
    "CONNECT, time.getHours() == 2, FIRES",
    "HELLO, helo == 'x', DEPENDS helo",
    "HELLO, tls && helo == 'x', 'DEPENDS helo, tls'",
    "HELLO, helo == 'x' && !client.inGroup('devices'), DOES_NOT_FIRE",
    "HELLO, !client.inGroup('devices') && helo == 'x', DOES_NOT_FIRE",
    "HELLO, helo == 'x' || client.inGroup('devices'), FIRES",
    "HELLO, client.name == '', FIRES",
    "MAIL, size > 100, DEPENDS size",
    "MAIL, auth ? true : false, DEPENDS auth",
    "MAIL, sender.inGroup('partners'), DEPENDS sender",
    "MAIL, sender.domain.endsWith('x'), DEPENDS sender.domain",
    "RECIPIENT, recipient.inGroup('partners'), DEPENDS recipient",
    "DATA, recipients > 5, DEPENDS recipients",
    "MAIL, client.class == 'relay', FIRES"
  })
  void whatIsNotKnownMattersOnlyWhereItDecides(RuleEvent at, String when, String expected) {
    assertThat(told(rule("r", at, when, LOG))).containsExactly("r " + expected);
  }

  @Test
  void senderRecipientAndImplicitTlsAreKnownWhenTheyAreSaid() {
    assertThat(
            told(
                known(true, "app@Fabrikam.COM", "bob@contoso.com"),
                rule("tls", RuleEvent.HELLO, "tls", LOG),
                rule("from", RuleEvent.MAIL, "sender.inGroup('partners')", LOG),
                rule("to", RuleEvent.RECIPIENT, "recipient.domain == 'contoso.com'", LOG)))
        .containsExactly("tls FIRES", "from FIRES", "to FIRES");
    assertThat(
            told(
                known(true, "", null), rule("bounce", RuleEvent.MAIL, "sender.address == ''", LOG)))
        .containsExactly("bounce FIRES");
  }

  @Test
  void whatARuleRefusesNobodyAsksAboutLater() {
    RuleForecast forecast =
        RuleForecast.of(
            new RuleSet(
                List.of(
                    rule("later", RuleEvent.MAIL, "true", LOG),
                    rule("no", RuleEvent.CONNECT, "true", refuse("554 5.7.1 Not here")),
                    rule("next", RuleEvent.CONNECT, "true", LOG))),
            known(false, null, null));
    assertThat(forecast.rules())
        .extracting(RuleOutlook::detail)
        .containsExactly("554 5.7.1 Not here", "no refuses before", "no refuses before");
    assertThat(forecast.refuses()).isTrue();
    assertThat(forecast.refusal()).isNotNull();
  }

  @Test
  void whatIsAcceptedOrChosenIsNotAskedAboutAtThatEvent() {
    assertThat(
            told(
                rule("bulk", RuleEvent.MAIL, "true", pool("bulk")),
                rule("other", RuleEvent.MAIL, "true", pool("other")),
                rule("good", RuleEvent.MAIL, "true", verdict(Verdict.ACCEPT)),
                rule("late", RuleEvent.MAIL, "true", CLOSE),
                rule("to", RuleEvent.RECIPIENT, "true", LOG)))
        .containsExactly(
            "bulk FIRES bulk",
            "other NOT_ASKED a rule before has chosen already",
            "good FIRES",
            "late NOT_ASKED good accepts before",
            "to FIRES");
  }

  @Test
  void aChosenClassIsTheClientsFromTheNextEventOn() {
    LiveRule strict = rule("strict", RuleEvent.CONNECT, "true", clientClass("strict"));
    LiveRule asks = rule("asks", RuleEvent.HELLO, "client.class == 'strict'", LOG);
    assertThat(told(strict, asks)).containsExactly("strict FIRES strict", "asks FIRES");
    LiveRule open = rule("open", RuleEvent.HELLO, "helo == 'x'", clientClass("strict"));
    LiveRule mail = rule("mail", RuleEvent.MAIL, "client.class == 'relay'", LOG);
    assertThat(told(open, mail)).containsExactly("open DEPENDS helo", "mail DEPENDS client.class");
    assertThat(
            RuleForecast.of(new RuleSet(List.of(strict)), known(false, null, null)).clientClass())
        .isEqualTo("strict");
  }

  private static RuleForecast forecast(LiveRule... rules) {
    return RuleForecast.of(new RuleSet(List.of(rules)), known(false, null, null));
  }

  @Test
  void whatIsChosenInTheEndIsWhatMessagesFollow() {
    RuleForecast forecast =
        forecast(
            rule("first", RuleEvent.CONNECT, "true", pool("first")),
            rule("strict", RuleEvent.CONNECT, "true", clientClass("strict")),
            rule("dry", RuleEvent.HELLO, "false", pool("never")),
            rule("last", RuleEvent.MAIL, "true", pool("last")),
            rule("late", RuleEvent.MAIL, "true", pool("late")));
    assertThat(forecast.connected()).isEqualTo(new Detour("first", null, "strict"));
    assertThat(forecast.chosen()).isEqualTo(new Detour("last", null, "strict"));
    assertThat(forecast.rules())
        .filteredOn(forecast::follows)
        .extracting(each -> each.rule().name())
        .containsExactly("strict", "last");
    assertThat(forecast.perhaps()).isEmpty();
  }

  @Test
  void whatMightChooseOrKeepAnotherFromChoosingIsNamed() {
    assertThat(
            forecast(
                    dry("dry", RuleEvent.MAIL, "size > 9", pool("dry")),
                    rule("keeps", RuleEvent.MAIL, "size > 9", verdict(Verdict.ACCEPT)),
                    rule("keep", RuleEvent.HELLO, "helo == 'x'", verdict(Verdict.ACCEPT)),
                    rule("logs", RuleEvent.MAIL, "size > 9", LOG),
                    rule("might", RuleEvent.MAIL, "size > 9", pool("might")),
                    rule("does", RuleEvent.MAIL, "true", pool("does")))
                .perhaps())
        .containsExactlyInAnyOrder("keeps", "might");
  }

  @Test
  void whatCannotBeEvaluatedRefusesAndADryRunDoesNothing() {
    assertThat(
            told(
                dry("dry", RuleEvent.CONNECT, "true", CLOSE),
                rule("bad", RuleEvent.CONNECT, "1 / (size(client.class) - 5) == 0", LOG),
                rule("next", RuleEvent.HELLO, "true", LOG)))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("dry FIRES"),
            each -> assertThat(each).startsWith("bad FAILS "),
            each -> assertThat(each).isEqualTo("next NOT_ASKED bad refuses before"));
  }

  @Test
  void nothingIsCountedAndNoLimitIsUsed() {
    LiveRule one = rule("one", RuleEvent.MAIL, "true", limit(1));
    for (int i = 0; i < 3; i++) {
      assertThat(told(one)).containsExactly("one FIRES counts against its limit");
    }
    assertThat(one.counts().fired()).isZero();
    assertThat(one.take(Given.facts())).isTrue();
  }
}
