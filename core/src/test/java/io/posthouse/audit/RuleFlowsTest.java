package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules choose beside what classes say: another class, source address or pool. */
class RuleFlowsTest {
  /** The clean file with rules on its virtual server; further replacements as in AuditedFile. */
  private static AuditedFile with(String rules, String... replacements) {
    String[] all = new String[replacements.length + 4];
    System.arraycopy(replacements, 0, all, 4, replacements.length);
    all[0] = "monitors:\n  deep:";
    all[1] = "rules:\n" + rules.indent(2) + "monitors:\n  deep:";
    all[2] = "pool: hub\n";
    List<String> names = rules.lines().map(line -> line.substring(0, line.indexOf(':'))).toList();
    all[3] = "pool: hub\n    rules: " + names + "\n";
    return AuditedFile.with(all);
  }

  private static String rule(String name, String then) {
    return name + ": { at: mail, when: 'size > 5', then: " + then + " }\n";
  }

  @Test
  void aRuleThatLetsStrangersBeTrustedIsAnOpenRelay() {
    AuditedFile file = with(rule("promote", "{ client-class: relay }"));
    Finding finding = file.finding();

    assertThat(file.found()).containsExactly("HIGH OPEN_RELAY internet as relay by rule promote");
    assertThat(finding.key()).isEqualTo("rules.promote.then");
    assertThat(file.lines().of(finding.key())).isPositive();
    assertThat(finding.problem()).contains("The rule promote", "internet", "from: any", "relay");
  }

  @Test
  void aRuleThatGivesStrangersTheTrustedAddressSharesIt() {
    AuditedFile file = with(rule("trusted", "{ snat: 172.16.51.174 }"));

    assertThat(file.found())
        .containsExactly("MEDIUM SHARED_SOURCE internet by rule trusted with relay");
    assertThat(file.finding().key()).isEqualTo("rules.trusted.then");
    assertThat(file.finding().remedy()).contains("Conditions of rules are not asked", "trusted");
  }

  @Test
  void aRuleGivesItsAddressToAllClassesThatItMayFireFor() {
    assertThat(with(rule("bulk", "{ snat: 172.16.51.177 }")).found())
        .containsExactly("MEDIUM SHARED_SOURCE internet by rule bulk with relay by rule bulk");
  }

  @Test
  void aClassThatOnlyRulesChooseIsLookedAt() {
    AuditedFile file =
        with(
            rule("partner", "{ client-class: partner }"),
            "  internet:",
            "  partner: { from: devices, relay: server, snat: 172.16.51.174 }\n  internet:");

    assertThat(file.found())
        .containsExactly(
            "MEDIUM NO_LIST MAIL",
            "HIGH SHARED_SOURCE relay as partner by rule partner with relay");
  }

  @Test
  void whereARuleSendsMailTheClassesMayMeet() {
    String bulk = "\npools:\n  bulk: { monitors: deep, members: { bulk1: 10.1.1.31:25 } }\n";
    String[] apart = {"\npools:\n", bulk, "snat: outside", "snat: outside, pool: bulk"};

    assertThat(with(rule("log", "log"), apart).found()).isEmpty();
    assertThat(with(rule("bulk", "{ pool: bulk }"), apart).found()).isEmpty();
    apart[3] = "snat: 172.16.51.174, pool: bulk";
    assertThat(with(rule("log", "log"), apart).found()).isEmpty();
    assertThat(with(rule("bulk", "{ pool: bulk }"), apart).found())
        .containsExactly("MEDIUM SHARED_SOURCE internet with relay by rule bulk");
  }

  /** One rule chooses the pool, another the address: each for itself does no harm. */
  @Test
  void rulesThatFireTogetherAreOneFlow() {
    String[] bulk = {
      "\npools:\n",
      "\npools:\n  bulk: { monitors: deep, members: { bulk1: 10.1.1.31:25 } }\n",
      "  internet:",
      "  bulk: { from: devices, relay: any, snat: 172.16.51.177, pool: bulk }\n  internet:",
      "[relay, internet]",
      "[internet]\n  BULK: { listen: 172.16.51.178:25, pool: hub, classes: [bulk] }",
      "  relay: { from: devices, relay: any, snat: 172.16.51.174 }\n",
      ""
    };

    assertThat(with(rule("pool", "{ pool: bulk }"), bulk).found()).isEmpty();
    assertThat(with(rule("source", "{ snat: 172.16.51.177 }"), bulk).found()).isEmpty();
    assertThat(
            with(rule("p", "{ pool: bulk }") + rule("s", "{ snat: 172.16.51.177 }"), bulk).found())
        .containsExactly("MEDIUM SHARED_SOURCE internet by rules p and s with bulk");
  }

  @Test
  void onePoolMoreIsNoFindingMore() {
    assertThat(
            with(
                    rule("bulk", "{ pool: bulk }"),
                    "\npools:\n",
                    "\npools:\n  bulk: { monitors: deep, members: { bulk1: 10.1.1.31:25 } }\n",
                    "snat: outside",
                    "snat: 172.16.51.174")
                .found())
        .containsExactly("MEDIUM SHARED_SOURCE internet with relay");
  }

  @Test
  void membersOfAnotherPoolMayBeBlind() {
    AuditedFile file =
        with(
            rule("bulk", "{ pool: bulk }"),
            "\npools:\n",
            "\npools:\n  bulk: { monitors: deep, members: { bulk1: 10.1.1.31:25 } }\n",
            "  hub:\n    monitors: deep\n",
            "  hub:\n    monitors: deep\n    announce: xclient\n",
            "relay: ours",
            "relay: server",
            "  ours: { type: domain, values: [contoso.com] }\n",
            "");

    assertThat(file.found()).contains("MEDIUM NO_LIST MAIL");
    assertThat(file.audit().findings().getFirst().problem()).contains("internet by rule bulk");
  }

  @ParameterizedTest
  @CsvSource({"promote, '{ client-class: relay }'", "trusted, '{ snat: 172.16.51.174 }'"})
  void aDryRunDoesNothing(String name, String then) {
    String rule = rule(name, then).replace(" }\n", ", dry-run: true }\n");

    assertThat(with(rule).found()).isEmpty();
  }

  @Test
  void exchangeHearsOfTheAddressesOfRules() {
    AuditedFile file = with(rule("bulk", "{ snat: 172.16.51.177 }"));

    assertThat(ExchangeCommands.of(file.configuration(), KernelChoice.UNKNOWN))
        .anySatisfy(line ->
            assertThat(line)
                .contains("\"Posthouse relay by rule bulk\"", "-RemoteIPRanges 172.16.51.177 "));
  }

  @Test
  void manyRulesTakeNoLongTime() {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      rules.append(rule("s" + i, "{ snat: 172.16.52." + i + " }"));
      rules.append(rule("p" + i, "{ pool: hub }"));
    }

    assertThat(Flow.all(with(rules.toString()).configuration())).hasSizeLessThan(2_000);
  }
}
