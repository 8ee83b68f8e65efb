package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with rules, and where it stands. */
class RuleChecksTest {
  private static final String FILE =
      """
      version: 1
      data-groups:
        devices: [10.20.0.0/16]
        partners: { type: domain, values: [fabrikam.com] }
      snat-pools: { outside: [127.0.2.1] }
      client-classes:
        internet: { from: any, relay: server }
        strict: { from: devices, relay: partners }
      rules:
        r:
          at: mail
          when: sender.inGroup("partners") && size > 5000000
          then: { refuse: "552 5.3.4 At most 5 MB" }
        s: { at: connect, when: 'client.inGroup("devices")', then: { client-class: strict } }
        t: { at: hello, when: "true", then: { snat: outside } }
      pools:
        hub: { members: { ex1: 10.1.1.21:25 } }
        bulk: { members: { ex2: 10.1.1.22:25 } }
      virtual-servers:
        VS: { listen: 172.16.51.174:25, pool: hub, classes: [internet], rules: [r, s, t, u] }
      """;

  private static final String GOOD =
      FILE.replace(
          "pools:\n  hub",
          "  u: { at: mail, when: \"size > 1\", then: { pool: bulk } }\npools:\n  hub");

  private static String with(String part, String replacement) {
    assertThat(GOOD).contains(part);
    return GOOD.replace(part, replacement);
  }

  @Test
  void whatARuleNamesIsInUse() {
    assertThat(GOOD).contains("  u: {");
    Sample.read(GOOD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The text stands in line 12 from column 11, plain.
        "sender.inGroup(\"partners\") && size | sendr.inGroup(\"partners\") && size | 12:11",
        "&& size > 5000000 | && sise > 5000000 | 12:41",
        "inGroup(\"partners\") && | inGroup(\"partner\") && | 12:26",
        "inGroup(\"partners\") && | inGroup(\"devices\") && | 12:26",
        // Line 14: single quotes, line 16: double ones.
        "'client.inGroup(\"devices\")' | 'client.inGroup(\"devices\") && heloo == 1' | 14:57",
        "\"size > 1\" | \"size > 1 && heloo\" | 16:37",
        // Beyond an escape nobody can say; the text begins there.
        "\"size > 1\" | \"size > 1 && helo == \\\"a\\\" && heloo\" | 16:24",
      })
  void aProblemInAConditionHasItsLineAndColumn(String part, String replacement, String place) {
    assertThat(Sample.problem(with(part, replacement)))
        .startsWith("t.yaml:" + place + ": error: rules.")
        .contains(".when: ");
  }

  @Test
  void aConditionOverSeveralLinesHasItsPlaceAsFarAsItCanBeKnown() {
    String text = with("when: sender.inGroup", "when: tls && heloo &&\n        sender.inGroup");
    assertThat(Sample.problem(text)).startsWith("t.yaml:12:18: error: ");
    text = with("when: sender.inGroup", "when: >-\n        heloo && sender.inGroup");
    assertThat(Sample.problem(text)).startsWith("t.yaml:12:11: error: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data | 44",
        "recipient | 49",
      })
  void aMemberIsChosenBeforeTheMessageHasOne(String at, int column) {
    assertThat(Sample.problem(with("at: mail,", "at: " + at + ",")))
        .startsWith("t.yaml:16:" + column + ": error: rules.u.then.pool: at " + at)
        .endsWith("the message has its member already; choose at connect, hello or mail");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ pool: bulk } | { pool: bulk, snat: outside } | 16:42 | does more than one thing",
        "{ pool: bulk } | { pool: bulkk } | 16:50 | there is no pool \"bulkk\"; did you mean bulk?",
        "{ snat: outside } | { snat: outsid } | 15:47 | there is no SNAT pool \"outsid\"",
        "{ snat: outside } | { snat: 127.0.2.300 } | 15:47 | \"127.0.2.300\" is no address",
        "{ snat: outside } | { snat: none } | 15:47 | clients' own addresses are for whole classes",
        "{ client-class: strict } | { client-class: strikt } | 14:78 | there is no client class",
        "{ refuse: \"552 5.3.4 At most 5 MB\" } | { refuse: \"250 Ok\" } | 13:21 | a refusal begins",
        "{ refuse: \"552 5.3.4 At most 5 MB\" } | { limit: {} } | 13:20 | limits nothing",
        "{ refuse: \"552 5.3.4 At most 5 MB\" } | refuse | 13:11 | expected one of",
        "rules: [r, s, t, u] | rules: [r, s, t, u, v] | 21:87 | there is no rule \"v\"",
        "rules: [r, s, t, u] | rules: [r, s, t, u, u] | 21:87 | the rule \"u\" is listed twice",
        "at: hello | at: helo | 15:12 | did you mean hello?",
      })
  void whatCannotBeDoneIsToldWithItsPlace(
      String part, String replacement, String place, String message) {
    List<String> errors =
        Sample.problems(with(part, replacement)).stream()
            .filter(line -> line.contains(": error: "))
            .toList();
    assertThat(errors).singleElement().asString().contains(message);
    assertThat(errors.getFirst()).startsWith("t.yaml:" + place + ": ");
  }

  @Test
  void aRuleThatNobodyNamesIsAWarning() {
    assertThat(Sample.problem(with("rules: [r, s, t, u]", "rules: [s, t, u]")))
        .startsWith("t.yaml:10:3: warning: rules.r: no virtual server names this rule");
  }

  @Test
  void modeTcpHasRulesAtConnectAlone() {
    String tcp = with("pool: hub, classes", "mode: tcp, pool: hub, classes");
    assertThat(Sample.problems(tcp).stream().filter(line -> line.contains(": error: ")))
        .hasSize(3)
        .allMatch(line -> line.contains("mode tcp does not speak SMTP, so nothing happens at "));
    String refusing =
        tcp.replace("[r, s, t, u]", "[s]").replace("{ client-class: strict }", "{ refuse: No }");
    assertThat(Sample.problems(refusing))
        .filteredOn(line -> line.contains(": error: "))
        .singleElement()
        .asString()
        .contains("cannot say why it refuses; write then: close");
  }

  @Test
  void allProblemsOfAllRulesAreToldAtOnce() {
    String text =
        GOOD.replace("sender.inGroup", "sendr.inGroup")
            .replace("'client.inGroup", "'klient.inGroup")
            .replace("\"size > 1\"", "size");
    assertThat(Sample.problems(text)).filteredOn(line -> line.contains(".when: ")).hasSize(3);
  }
}
