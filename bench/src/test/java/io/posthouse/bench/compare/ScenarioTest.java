package io.posthouse.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 2525);

  @Test
  void aNameMeansOneScenario() {
    assertThat(Scenario.named("smtp-4k-fresh")).containsExactly(Scenario.SMTP_4K_FRESH);
    assertThat(Scenario.named("smtp-source")).containsExactly(Scenario.SMTP_SOURCE);
  }

  @Test
  void aGroupMeansItsUsualScenarios() {
    assertThat(Scenario.named("tcp"))
        .containsExactly(Scenario.TCP_4K, Scenario.TCP_20M, Scenario.IDLE, Scenario.START);
    assertThat(Scenario.named("smtp"))
        .containsExactly(
            Scenario.SMTP_4K,
            Scenario.SMTP_MANY,
            Scenario.SMTP_20M,
            Scenario.SMTP_4K_FRESH,
            Scenario.SMTP_IDLE);
    assertThat(Scenario.named("tls"))
        .containsExactly(Scenario.TLS_4K_FULL, Scenario.TLS_4K_RESUMED, Scenario.TLS_MEMBERS_4K);
  }

  @Test
  void aSmokeRunLeavesTlsOut() {
    assertThat(Scenario.quick()).contains(Scenario.SMTP_4K).allMatch(s -> !s.setup().isTls());
  }

  @Test
  void anUnknownNameIsToldWithThoseThatThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scenario.named("smtp-4g"))
        .withMessageContaining("smtp-4g")
        .withMessageContaining("smtp-4k");
  }

  @Test
  void everyUsualScenarioHasAGoal() {
    for (Scenario scenario : Scenario.usual()) {
      assertThat(Arrays.stream(Measure.values()))
          .as(scenario.key())
          .anyMatch(measure -> Goal.of(scenario, measure).isPresent());
    }
  }

  @Test
  void onlyTheFreshSetupKeepsNoConnections() {
    assertThat(configuration(Setup.TCP)).contains("mode: tcp").doesNotContain("reuse");
    assertThat(configuration(Setup.SMTP)).contains("mode: smtp").doesNotContain("reuse");
    assertThat(configuration(Setup.SMTP_FRESH))
        .contains("mode: smtp", "reuse: { idle-connections: 0 }");
  }

  @Test
  void onlyChecksAskDns() {
    assertThat(configuration(Setup.CHECKS)).contains("resolvers", "edge-checks: all", "pause");
    assertThat(configuration(Setup.CHECKS_LINKS)).contains("resolvers").doesNotContain("pause");
    assertThat(configuration(Setup.SMTP)).doesNotContain("resolvers", "edge-checks", "rules");
  }

  @Test
  void bothSidesOfARowSpeakTheSameTls() {
    assertThat(configuration(Setup.SMTP)).doesNotContain("tls:");
    assertThat(configuration(Setup.TLS))
        .containsOnlyOnce("tls: { starttls: optional, certificate: server.pem }")
        .doesNotContain("required");
    assertThat(configuration(Setup.TLS_MEMBERS))
        .contains("tls: { starttls: optional, certificate: server.pem }")
        .contains("tls: { mode: required, implicit: true }");
    assertThat(haproxy(Setup.SMTP)).doesNotContain("ssl crt", "ssl verify");
    assertThat(haproxy(Setup.TLS))
        .contains("bind 127.0.0.1:2525 ssl crt server.pem\n")
        .doesNotContain("ssl verify");
    assertThat(haproxy(Setup.TLS_MEMBERS))
        .contains("bind 127.0.0.1:2525 ssl crt server.pem\n")
        .contains("server s2 127.0.0.1:2525 ssl verify none\n");
  }

  private static String configuration(Setup setup) {
    return Configurations.posthouse(setup, ANY, ANY, List.of(ANY, ANY), ANY, 2);
  }

  private static String haproxy(Setup setup) {
    return Configurations.haproxy(setup, ANY, List.of(ANY, ANY), Path.of("server.pem"), 2, 10_000);
  }
}
