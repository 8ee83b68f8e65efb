package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.posthouse.health.PressureBound.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PressureBoundTest {
  private static Wish wish(double weight, double share, int outSeconds) {
    return new Wish(
        weight, new Pressure(share, share, 1, 2, Duration.ofSeconds(outSeconds), 0, "452 4.3.1"));
  }

  private static double[] grant(Wish... wishes) {
    return PressureBound.grant(List.of(wishes));
  }

  @Test
  void aPoolOfOneKeepsItsMember() {
    assertThat(grant(wish(3, 0, 300))).containsExactly(1);
  }

  @Test
  void halfOfThePoolMayGoAndNoMore() {
    assertThat(grant(wish(1, 0, 10), wish(1, 1, 0))).containsExactly(0, 1);
    assertThat(grant(wish(1, 0, 10), wish(1, 1, 0), wish(2, 1, 0))).containsExactly(0, 1, 1);
    assertThat(grant(wish(2, 0, 10), wish(1, 1, 0))).containsExactly(0.25, 1);
  }

  @Test
  void theWorstGoFirstAndTheLeastBadStay() {
    assertThat(grant(wish(1, 0, 10), wish(1, 0, 300), wish(1, 0.5, 0), wish(1, 1, 0)))
        .containsExactly(0, 0, 1, 1);
    assertThat(grant(wish(2, 0, 10), wish(1, 0.5, 0), wish(1, 0.5, 0), wish(2, 0.75, 0)))
        .containsExactly(new double[] {0, 2 / 3.0, 2 / 3.0, 5 / 6.0}, within(1e-9));
    assertThat(grant(wish(1, 0.5, 0), wish(1, 0.25, 0), wish(1, 1, 0)))
        .containsExactly(0.5, 0.25, 1);
  }

  @Test
  void whoAreOutTogetherStayInTogether() {
    assertThat(grant(wish(1, 0, 10), wish(1, 0, 300))).containsExactly(0.5, 0.5);
    assertThat(grant(wish(1, 0, 10), wish(1, 0, 300), wish(1, 0.5, 0), wish(1, 0, 40)))
        .containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1, 1 / 3.0}, within(1e-9));
  }

  @Test
  void whatNobodyWishesIsNotTaken() {
    assertThat(grant(wish(1, 1, 0), wish(5, 1, 0))).containsExactly(1, 1);
    assertThat(grant()).isEmpty();
  }

  @Test
  void neverMoreThanHalfTheWeightIsTakenAndNobodyLosesMoreThanItWished() {
    for (long seed = 0; seed < 5000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Wish> wishes = new ArrayList<>();
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        double share = random.nextInt(3) == 0 ? 0 : random.nextInt(17) / 16.0;
        wishes.add(wish(random.nextInt(1, 257), share, random.nextInt(300)));
      }
      double[] shares = PressureBound.grant(wishes);
      double all = wishes.stream().mapToDouble(Wish::weight).sum();
      double kept = 0;
      for (int i = 0; i < shares.length; i++) {
        kept += shares[i] * wishes.get(i).weight();
        assertThat(shares[i]).as("seed " + seed).isBetween(wishes.get(i).pressure().wish(), 1.0);
      }
      assertThat(kept).as("seed " + seed + Arrays.toString(shares)).isGreaterThan(all / 2 - 1e-9);
      assertBoundIsUsed(seed, wishes, kept, all);
    }
  }

  /** Either everybody got what it wished, or half of the weight is gone. */
  private static void assertBoundIsUsed(long seed, List<Wish> wishes, double kept, double all) {
    double wished = wishes.stream().mapToDouble(w -> w.weight() * w.pressure().wish()).sum();
    double due = wishes.size() == 1 ? all : Math.max(all / 2, wished);
    assertThat(kept).as("seed " + seed).isCloseTo(due, within(1e-9));
  }
}
