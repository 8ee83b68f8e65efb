package io.posthouse.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightedCycleTest {

  @Test
  void everyCandidateStandsAsOftenAsItsWeightSays() {
    WeightedCycle cycle = new WeightedCycle(new int[] {512, 256, 1280});
    assertThat(cycle.length()).isEqualTo(8);
    assertThat(counts(cycle, 3)).containsExactly(2, 1, 5);
  }

  @Test
  void aLongCycleIsScaledAndKeepsItsShares() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      int[] weights = random.ints(2 + random.nextInt(50), 1, 65_536).toArray();
      WeightedCycle cycle = new WeightedCycle(weights);
      assertThat(cycle.length()).isBetween(1, 8192 + weights.length);
      int[] counts = counts(cycle, weights.length);
      double all = IntStream.of(weights).sum();
      for (int i = 0; i < weights.length; i++) {
        assertThat(counts[i]).isPositive();
        assertThat((double) counts[i] / cycle.length()).isCloseTo(weights[i] / all, within());
      }
    }
  }

  @Test
  void aFeatherBesideAnAnvilStillHasItsPlace() {
    WeightedCycle cycle = new WeightedCycle(new int[] {65_536, 1});
    assertThat(cycle.length()).isLessThanOrEqualTo(8193);
    assertThat(counts(cycle, 2)[1]).isEqualTo(1);
  }

  @Test
  void positionsWrapAroundAlsoPastTheEndOfLong() {
    WeightedCycle cycle = new WeightedCycle(new int[] {1, 2});
    assertThat(cycle.at(0)).isEqualTo(cycle.at(3)).isEqualTo(cycle.at(300));
    for (long position = Long.MAX_VALUE - 4; position != Long.MIN_VALUE + 4; position++) {
      assertThat(cycle.at(position)).isBetween(0, 1);
    }
    assertThat(cycle.at(-1)).isBetween(0, 1);
  }

  @Test
  void aThousandOfTheHeaviestMembersFit() {
    int[] weights = IntStream.range(0, 1000).map(i -> 256 * 256).toArray();
    weights[17] = 255;
    WeightedCycle cycle = new WeightedCycle(weights);
    assertThat(counts(cycle, 1000)).doesNotContain(0);
  }

  @Test
  void refusesAWeightBelowOne() {
    assertThatThrownBy(() -> new WeightedCycle(new int[] {1, 0}))
        .hasMessageContaining("at least 1");
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(0.001);
  }

  private static int[] counts(WeightedCycle cycle, int candidates) {
    int[] counts = new int[candidates];
    for (int i = 0; i < cycle.length(); i++) {
      counts[cycle.at(i)]++;
    }
    return counts;
  }
}
