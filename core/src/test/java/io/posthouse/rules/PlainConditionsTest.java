package io.posthouse.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.RuleEvent;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions as plain Java mean what they mean to CEL. */
class PlainConditionsTest {
  private static final List<String> TESTS =
      List.of(
          "tls",
          "auth",
          "true",
          "false",
          "client.inGroup('devices')",
          "sender.inGroup('partners')",
          "recipient.inGroup('partners')",
          "helo.matches('^mail[.]')",
          "recipient.address.matches('o+@')",
          "'' == sender.address",
          "tls == auth",
          "auth != true",
          "!!tls",
          ".tls",
          "matches(helo, 'x')",
          "helo in []",
          "1 in [1]");

  private static final List<String> TEXTS =
      List.of(
          "client.address",
          "client.class",
          "client.name",
          "helo",
          "sender.address",
          "sender.domain",
          "recipient.address",
          "recipient.domain");

  private static final List<String> LITERALS =
      List.of(
          "''",
          "'relay'",
          "'10.20.3.4'",
          "'2001:db8::7'",
          "'mail.contoso.com'",
          "'.com'",
          "'app'",
          "'fabrikam.com'",
          "'app@fabrikam.com'",
          "'xn--bcher-kva.example'",
          "'\\u00fc'");

  private static final List<String> NUMBERS =
      List.of(
          "size",
          "recipients",
          "time.getHours()",
          "time.getHours('Europe/Berlin')",
          "time.getMinutes('Asia/Kolkata')",
          "time.getDayOfWeek('America/New_York')",
          "time.getDayOfWeek()");

  private static final List<String> FIGURES =
      List.of("-1", "0", "3", "5", "30", "2000000", "9223372036854775807");

  private static List<RuleFacts> facts() {
    List<RuleFacts> all = new ArrayList<>();
    for (String address : List.of("10.20.3.4", "192.0.2.1", "2001:db8::7")) {
      for (String time :
          List.of("2026-11-26T23:30:59Z", "2026-03-29T01:00:00Z", "1969-01-05T00:00:00Z")) {
        RuleFacts bare =
            RuleFacts.of(
                Given.GROUPS, InetAddress.ofLiteral(address), "relay", Instant.parse(time), 0);
        all.add(bare);
        all.add(bare.greeting("Mail.Contoso.Com", "app.contoso.com", true, false));
        for (String sender :
            List.of("app@Fabrikam.COM", "\"a b\"@[10.0.0.1]", "J\u00fcrgen@b\u00fccher.example")) {
          all.add(
              bare.greeting("[10.20.3.4]", "", false, true)
                  .message(Given.path(sender), 2_000_000, Given.path("bob@contoso.com"), 3));
        }
      }
    }
    return all;
  }

  private static String any(List<String> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static String condition(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> any(TESTS, random);
      case 1 -> any(TEXTS, random) + any(List.of(" == ", " != "), random) + any(LITERALS, random);
      case 2 ->
          any(TEXTS, random)
              + any(List.of(".startsWith(", ".endsWith(", ".contains("), random)
              + any(random.nextBoolean() ? LITERALS : TEXTS, random)
              + ")";
      case 3 ->
          any(NUMBERS, random)
              + any(List.of(" < ", " <= ", " > ", " >= ", " == ", " != "), random)
              + any(random.nextBoolean() ? FIGURES : NUMBERS, random);
      case 4 -> {
        boolean texts = random.nextBoolean();
        List<String> literals = texts ? LITERALS : FIGURES;
        yield any(texts ? TEXTS : NUMBERS, random)
            + " in ["
            + any(literals, random)
            + ", "
            + any(literals, random)
            + "]";
      }
      case 5 -> "!(" + condition(random, depth - 1) + ")";
      default ->
          "("
              + condition(random, depth - 1)
              + any(List.of(") && (", ") || (", ") == ("), random)
              + condition(random, depth - 1)
              + ")";
    };
  }

  @Test
  void plainJavaAndCelAgree() throws RuleException {
    List<RuleFacts> all = facts();
    for (int seed = 0; seed < 400; seed++) {
      String when = condition(new Random(seed), 3);
      CelCondition condition = (CelCondition) RuleEngine.cel().compile(RuleEvent.RECIPIENT, when);
      assertThat(condition.plain()).as(when).isNotNull();
      for (RuleFacts facts : all) {
        assertThat(condition.holds(facts))
            .as("seed %d: %s of %s", seed, when, facts)
            .isEqualTo(condition.evaluated(facts));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "time.getHours('02:00') == 4",
        "time.getHours('Moon/Sea') == 4",
        "time > timestamp('2026-01-01T00:00:00Z')",
        "size / recipients > 1000",
        "size + 1 > 1000",
        "helo < 'm'",
        "size > 10.5",
        "helo in ['a', sender.domain]",
        "(tls ? helo : sender.domain) == 'a'",
        "size(helo) > 10",
        "size in [5, 5.0]",
        "size < 5u",
        "dyn(size) == 5",
        "tls == dyn(true)",
        "helo in {'mail.x': 1}",
        "time.getHours('utc') == 4",
        "sender == recipient || tls",
      })
  void whatCanFailOrIsRareIsLeftToCel(String when) {
    CelCondition condition = (CelCondition) RuleEngine.cel().compile(RuleEvent.RECIPIENT, when);

    assertThat(condition.plain()).isNull();
  }
}
