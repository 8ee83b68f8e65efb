package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with edge checks, and where. */
class EdgeSettingsTest {
  private static final String GOOD =
      """
      version: 1
      dns: { resolvers: [127.0.0.1:53] }
      data-groups: { devices: [10.20.0.0/16] }
      client-classes:
        relay: { from: devices, relay: any }
        internet: { from: any, relay: server }
      edge-checks:
        outside:
          exempt: [relay]
          early-talkers: { pause: 2s }
          dns-lists:
            lists: { zen.example.org: 2, own: { zone: secret.example.net, answers: [{ codes: 127.0.0.2, score: 1 }] } }
            threshold: 3
          reverse-dns: {}
          hello: {}
      pools: { hub: { members: { ex1: 10.1.1.21:25 } } }
      virtual-servers:
        MAIL: { listen: 172.16.51.174:25, pool: hub, classes: [relay, internet], edge-checks: outside }
      """;

  @Test
  void theGoodFileHasNoProblems() {
    assertThat(ConfigFile.read("t.yaml", GOOD).problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1:53 | localhost:53 | 2:20: error | must be the address and port of a DNS server, such as 127.0.0.1:53
          exempt: [relay] | exempt: [relai] | 9:14: error | there is no client class "relai"; did you mean relay?
          pause: 2s | pause: 2m | 10:29: error | must be from 100ms to 30s, not 2m
          zen.example.org: 2 | zen: 2 | 12:16: error | is no zone of a list; write its domain
          secret.example.net | secret..example.net | 12:43: error | is no zone of a list; write its domain
          codes: 127.0.0.2 | codes: 128.0.0.2 | 12: | "128.0.0.2" is no answer of a list; write an address in 127.0.0.0/8
          codes: 127.0.0.2 | codes: 127.0.0.0/7 | 12: | is no answer of a list
          threshold: 3 | threshold: 4 | 11:5: warning | can meet nobody: all lists together give 3, and the threshold is 4; lower it
          reverse-dns: {} | reverse-dns: { require: confirm } | error | did you mean confirmed?
          edge-checks: outside } | edge-checks: outsid } | error | there is no edge checks "outsid"; did you mean outside?
          , edge-checks: outside } | } | 8:3: warning | no virtual server uses these edge checks
          pool: hub, | mode: tcp, pool: hub, | error | mode tcp does not speak SMTP, and edge checks answer in its words
          """)
  void aMistakeIsNamedWithItsPlaceAndRemedy(
      String part, String replacement, String place, String message) {
    assertThat(GOOD).contains(part);
    String text = GOOD.replace(part, replacement);
    assertThat(Sample.problem(text)).contains(place, message);
  }

  @Test
  void checksWithoutACheckAreAWarning() {
    int from = GOOD.indexOf("    early-talkers");
    int to = GOOD.indexOf("pools:");
    assertThat(Sample.problem(GOOD.substring(0, from) + GOOD.substring(to)))
        .contains("edge-checks.outside: has no check; write early-talkers, dns-lists,");
  }

  @Test
  void aZoneMayHoldAKeyAndIsNeverTold() {
    String other = GOOD.replace("secret.example.net", "other-secret.example.net");
    String bad = GOOD.replace("secret.example.net", "sec ret");
    String more = GOOD.replace("score: 1", "score: 2").replace("2, own", "3, own");
    Configuration good = Sample.read(GOOD);
    assertThat(Sample.problem(bad)).doesNotContain("sec ret");
    assertThat(ChangePlan.between(good, Sample.read(other)).describe().toString())
        .contains("edge checks outside: dns-lists.lists")
        .doesNotContain("secret");
    assertThat(ChangePlan.between(good, Sample.read(more)).describe().toString())
        .contains("edge checks outside: dns-lists.lists { zen.example.org: 2, own: 1 } ->")
        .doesNotContain("secret");
    int from = GOOD.indexOf("    dns-lists");
    int to = GOOD.indexOf("    reverse-dns");
    Configuration without = Sample.read(GOOD.substring(0, from) + GOOD.substring(to));
    assertThat(ChangePlan.between(without, good).describe().toString()).doesNotContain("secret");
  }
}
