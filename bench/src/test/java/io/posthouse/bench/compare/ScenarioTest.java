package io.posthouse.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioTest {

  @Test
  void aNameMeansOneScenario() {
    assertThat(Scenario.named("smtp-4k-fresh")).containsExactly(Scenario.SMTP_4K_FRESH);
    assertThat(Scenario.named("smtp-source")).containsExactly(Scenario.SMTP_SOURCE);
  }

  @Test
  void aModeMeansItsUsualScenarios() {
    assertThat(Scenario.named("tcp"))
        .containsExactly(Scenario.TCP_4K, Scenario.TCP_20M, Scenario.IDLE, Scenario.START);
    assertThat(Scenario.named("smtp"))
        .containsExactly(
            Scenario.SMTP_4K,
            Scenario.SMTP_MANY,
            Scenario.SMTP_20M,
            Scenario.SMTP_4K_FRESH,
            Scenario.SMTP_IDLE);
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

  private static String configuration(Setup setup) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 2525);
    return Configurations.posthouse(setup, any, any, List.of(any, any), 2);
  }
}
