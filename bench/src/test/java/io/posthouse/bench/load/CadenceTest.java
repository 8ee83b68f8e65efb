package io.posthouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a bad peer's turn comes. */
final class CadenceTest {

  @Test
  void theFirstMomentIsTheGivenOne() {
    Cadence cadence = new Cadence(1_000, 200);
    assertThat(cadence.isDue(999)).isFalse();
    assertThat(cadence.isDue(1_000)).isTrue();
  }

  @Test
  void thoseDelayedByOneStallDoNotGoInStepAfterIt() {
    Cadence first = new Cadence(1_000, 200);
    Cadence second = new Cadence(1_050, 200);
    first.skipPast(1_750);
    second.skipPast(1_750);
    assertThat(first.isDue(1_799)).isFalse();
    assertThat(first.isDue(1_800)).isTrue();
    assertThat(second.isDue(1_849)).isFalse();
    assertThat(second.isDue(1_850)).isTrue();
  }

  @Test
  void aMomentThatIsAheadIsKept() {
    Cadence cadence = new Cadence(1_000, 200);
    cadence.skipPast(900);
    assertThat(cadence.isDue(999)).isFalse();
    assertThat(cadence.isDue(1_000)).isTrue();
  }

  @Test
  void servedInTimeItRecursAtThePeriod() {
    Cadence cadence = new Cadence(1_000, 200);
    cadence.skipPast(1_000);
    assertThat(cadence.isDue(1_199)).isFalse();
    assertThat(cadence.isDue(1_200)).isTrue();
  }
}
