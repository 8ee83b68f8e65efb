package io.posthouse.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.model.DataGroup;
import io.posthouse.model.RuleEvent;
import io.posthouse.rules.RuleEngine.Group;
import io.posthouse.rules.RuleEngine.Problem;
import io.posthouse.smtp.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What conditions may say, and what is told of those that nobody can use. */
class CelEngineTest {
  private static List<Problem> problems(RuleEvent at, String when) {
    return RuleEngine.cel().read(at, when).problems();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client.inGroup('devices')",
        "client.address == '10.20.3.4'",
        "client.class == 'relay' && tls && !auth",
        "client.name.endsWith('.contoso.com')",
        "helo == 'mail.contoso.com'",
        "helo.matches('^mail[.]')",
        "sender.inGroup('partners') && size > 1000000",
        "sender.address == 'app@fabrikam.com'",
        "sender.domain in ['example.com', 'fabrikam.com']",
        "recipient.domain.endsWith('.com') && recipient.address.startsWith('bob@')",
        "recipients >= 3",
        "time.getHours('Europe/Berlin') < 6",
        "time.getDayOfWeek('Europe/Berlin') == 5",
        "time > timestamp('2026-01-01T00:00:00Z')"
      })
  void whatIsTrueHolds(String when) throws RuleException {
    assertThat(problems(RuleEvent.RECIPIENT, when)).isEmpty();
    assertThat(Given.holds(RuleEvent.RECIPIENT, when)).isTrue();
    assertThat(Given.holds(RuleEvent.RECIPIENT, "!(" + when + ")")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "heloo == 'x' | 0 | there is no heloo; known at mail: client, client.address",
        "tls && sendr.domain == 'x' | 7 | there is no sendr",
        "sender.domian == 'x' | 6 | there is no such part; known at mail",
        "tls && helo == 1 | 12 | '==' does not go with (string, int)",
        "sender == 'a@b' | 7 | '==' does not go with (mailbox, string)",
        "helo | 0 | a condition is true or false, and this is of type string",
        "size > | 6 | something is missing at its end",
        "tls and auth | 4 | 'and' is out of place",
        "helo.matches(helo) | 13 | matches takes a regular expression in quotes",
        "helo.matches('(') | 13 | is no regular expression",
        "client.inGroup(helo) | 15 | inGroup takes the name of a data group in quotes",
        "[1, 2].all(x, x > 0) | 10 | there is no all",
        "tls && recipient.domain == 'x' | 16 | recipient.domain is not known at mail, only at: rec",
      })
  void whatIsWrongIsToldWithItsPlace(String when, int at, String message) {
    assertThat(problems(RuleEvent.MAIL, when))
        .first()
        .satisfies(problem -> {
          assertThat(problem.message()).startsWith(message);
          assertThat(problem.at()).isEqualTo(at);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heloo == 'x'",
        "sender.domian == 'x'",
        "tls && helo == 1",
        "sender == 'a@b'",
        "helo",
        "size >",
        "tls and auth",
        "helo.matches(helo)",
        "helo.matches('(')",
        "helo.matches('(?=x)')",
        "helo.matches('x{1000}x{1000}')",
        "client.inGroup(helo)",
        "[1, 2].all(x, x > 0)",
        "helo == \"x",
        "tls ? 1",
        "duration('1s') + helo"
      })
  void whatIsWrongIsToldWithARemedy(String when) {
    assertThat(problems(RuleEvent.MAIL, when))
        .isNotEmpty()
        .allSatisfy(it ->
            assertThat(it.message()).containsPattern("(; |, only at: )\\w").hasSizeLessThan(400));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "CONNECT, helo == 'x'",
        "CONNECT, tls",
        "HELLO, sender.inGroup('partners')",
        "HELLO, size > 1",
        "MAIL, recipients > 1",
        "DATA, recipient.inGroup('partners')"
      })
  void whatIsNotKnownYetCannotBeAskedFor(RuleEvent at, String when) {
    assertThat(problems(at, when))
        .isNotEmpty()
        .allMatch(each -> each.message().contains(" is not known at "));
  }

  @Test
  void allProblemsOfOneConditionAreTold() {
    assertThat(problems(RuleEvent.MAIL, "heloo == 'x' || sise > 5")).hasSize(2);
  }

  @Test
  void theGroupsThatItAsksAreKnownWithTheirPlaces() {
    String when = "client.inGroup('a') && sender.inGroup('b')";
    assertThat(RuleEngine.cel().read(RuleEvent.MAIL, when).groups())
        .containsExactlyInAnyOrder(
            new Group("a", DataGroup.Type.ADDRESS, 15), new Group("b", DataGroup.Type.DOMAIN, 38));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 / (recipients - 3) == 1",
        "int(helo) == 1",
        "time.getHours('Nowhere/Atlantis') == 1",
        "size + 9223372036854775807 > 1",
        "dyn(helo)"
      })
  void whatCannotBeEvaluatedSaysWhyOnOneLine(String when) {
    assertThatThrownBy(() -> Given.holds(RuleEvent.RECIPIENT, when))
        .isInstanceOfSatisfying(
            RuleException.class,
            failure -> assertThat(failure.reason()).isNotBlank().doesNotContain("\n"));
  }

  @Test
  void whatAPeerSaidIsEscapedInAReason() {
    RuleFacts facts = Given.facts().greeting("a\r\nb", "", false, false);
    assertThatThrownBy(
            () -> RuleEngine.cel().compile(RuleEvent.HELLO, "int(helo) == 1").holds(facts))
        .hasMessageContaining("a\\x0d\\x0ab");
  }

  /** There is no loop; so what one may cost is bounded by its length, its nodes and its depth. */
  @Test
  void conditionsAreBounded() {
    assertThat(problems(RuleEvent.MAIL, "(".repeat(40) + "tls" + ")".repeat(40))).isNotEmpty();
    assertThat(problems(RuleEvent.MAIL, "size" + "+1".repeat(600) + " > 0")).isNotEmpty();
    assertThat(problems(RuleEvent.MAIL, "helo == '" + "x".repeat(5000) + "'")).isNotEmpty();
    assertThat(problems(RuleEvent.MAIL, "helo.matches('" + "x{1000}".repeat(10) + "')"))
        .isNotEmpty();
  }

  @Test
  void aBounceHasASenderWithoutAddressAndDomain() throws RuleException {
    RuleFacts bounce = Given.facts().message(Path.NULL, 0, Path.NULL, 0);
    String when = "sender.address == '' && sender.domain == '' && !sender.inGroup('partners')";
    assertThat(RuleEngine.cel().compile(RuleEvent.MAIL, when).holds(bounce)).isTrue();
  }

  /** However it is spelled, a rule meets it. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "Ceo@Contoso.COM, ceo@contoso.com",
        "`\"ceo\"@contoso.com`, ceo@contoso.com",
        "`\"c\\e\\O\"@contoso.com`, ceo@contoso.com",
        "`@relay.example,@b.example:ceo@contoso.com`, ceo@contoso.com",
        "jörg@MÜNCHEN.example, jörg@xn--mnchen-3ya.example",
        "`\"JÖRG\"@XN--mnchen-3YA.example`, jörg@xn--mnchen-3ya.example",
        "a@Straße.example, a@straße.example",
        "`\"a@b\"@contoso.com`, a@b@contoso.com",
        "a@[IPv6:2001:DB8::1], a@[ipv6:2001:db8::1]",
        "Postmaster, postmaster"
      })
  void anAddressHasOneSpelling(String written, String seen) throws RuleException {
    RuleFacts facts = Given.facts("app@fabrikam.com", 0);
    facts = facts.message(Given.path(written), 0, Given.path(written), 0);
    String domain = seen.indexOf('@') < 0 ? "" : seen.substring(seen.lastIndexOf('@') + 1);
    for (String of : List.of("sender", "recipient")) {
      RuleFacts all = facts;
      assertThat(Variable.named(of + ".address")).extracting(it -> it.of(all)).isEqualTo(seen);
      assertThat(Variable.named(of + ".domain")).extracting(it -> it.of(all)).isEqualTo(domain);
    }
  }

  @Test
  void aDomainWithADotAtItsEndIsNoAddress() {
    assertThat(Path.parse("ceo@contoso.com.")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sender.address == 'News@contoso.com'",
        "'contoso.COM' == sender.domain",
        "sender.domain in ['contoso.com', 'münchen.example']",
        "sender.address.endsWith('@münchen.example')",
        "helo.startsWith('MX')",
        "client.name != 'Mail.contoso.com'"
      })
  void aTextThatCanNeverBeFoundIsAnError(String when) {
    assertThat(problems(RuleEvent.MAIL, when))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("lower case").contains("; write "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client.class == 'Relay'",
        "sender.address.startsWith('jörg')",
        "sender.address.matches('(?i)NEWS@')",
        "sender.address == 'news@contoso.com'"
      })
  void anyOtherTextIsNone(String when) {
    assertThat(problems(RuleEvent.MAIL, when)).isEmpty();
  }

  @Test
  void everyThreadMayAskTheSameCondition() {
    RuleCondition condition =
        RuleEngine.cel().compile(RuleEvent.MAIL, "sender.inGroup('partners') && size > 100");
    assertThat(
            Stream.iterate(0L, n -> n < 20_000, n -> n + 1)
                .parallel()
                .allMatch(n -> holds(condition, Given.facts("a@fabrikam.com", n)) == n > 100))
        .isTrue();
  }

  private static boolean holds(RuleCondition condition, RuleFacts facts) {
    try {
      return condition.holds(facts);
    } catch (RuleException failure) {
      throw new AssertionError(failure);
    }
  }
}
