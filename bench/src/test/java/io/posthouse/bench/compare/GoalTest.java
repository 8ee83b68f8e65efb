package io.posthouse.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.bench.measure.RatioInterval;
import org.junit.jupiter.api.Test;

class GoalTest {

  private static final RatioInterval UNUSED = new RatioInterval(0, 0, 0, 20);

  @Test
  void aRatioPassesWhenItsWholeIntervalDoes() {
    assertThat(Goal.CPU.judge(interval(1.05, 1.02, 1.1), UNUSED)).contains(Verdict.PASS);
    assertThat(Goal.CPU.judge(interval(1.05, 1.02, 1.11), UNUSED)).contains(Verdict.PASS_UNSURE);
    assertThat(Goal.CPU.judge(interval(1.12, 1.09, 1.2), UNUSED)).contains(Verdict.MISS_UNSURE);
    assertThat(Goal.CPU.judge(interval(1.2, 1.15, 1.3), UNUSED)).contains(Verdict.MISS);
  }

  @Test
  void moreIsBetterForMessages() {
    assertThat(Goal.MESSAGES.judge(interval(1.2, 1.1, 1.3), UNUSED)).contains(Verdict.PASS);
    assertThat(Goal.MESSAGES.judge(interval(0.9, 0.8, 0.94), UNUSED)).contains(Verdict.MISS);
  }

  @Test
  void anAbsoluteGoalLooksAtOurValueAlone() {
    assertThat(Goal.IDLE.judge(interval(9, 9, 9), interval(8_000, 7_900, 8_100)))
        .contains(Verdict.PASS);
    assertThat(Goal.IDLE.judge(null, interval(9_000, 8_900, 9_100))).contains(Verdict.MISS);
  }

  @Test
  void withoutARatioThereIsNoVerdictOnOne() {
    assertThat(Goal.CPU.judge(null, UNUSED)).isEmpty();
  }

  @Test
  void saysItsBoundInTheUnitOfTheRow() {
    assertThat(Goal.IDLE.text()).isEqualTo("<= 8.0 KiB");
    assertThat(Goal.MESSAGES.text()).isEqualTo(">= 0.95");
  }

  private static RatioInterval interval(double estimate, double low, double high) {
    return new RatioInterval(estimate, low, high, 20);
  }
}
