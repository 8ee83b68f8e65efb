package io.posthouse.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RatioIntervalTest {

  @Test
  void equalRoundsHaveAnIntervalOfOnePoint() {
    double[] ours = {11, 22, 33, 44};
    double[] theirs = {10, 20, 30, 40};

    RatioInterval interval = RatioInterval.of(ours, theirs);

    assertThat(interval.estimate()).isEqualTo(1.1, within(1e-12));
    assertThat(interval.low()).isEqualTo(1.1, within(1e-12));
    assertThat(interval.high()).isEqualTo(1.1, within(1e-12));
    assertThat(interval.rounds()).isEqualTo(4);
  }

  @Test
  void driftThatBothShareCancelsOut() {
    double[] ours = new double[20];
    double[] theirs = new double[20];
    for (int i = 0; i < 20; i++) {
      double drift = 1 + i * 0.5;
      ours[i] = 95 * drift;
      theirs[i] = 100 * drift;
    }

    RatioInterval interval = RatioInterval.of(ours, theirs);

    assertThat(interval.low()).isEqualTo(0.95, within(1e-9));
    assertThat(interval.high()).isEqualTo(0.95, within(1e-9));
  }

  @Test
  void oneDisturbedRoundDoesNotMoveTheEstimate() {
    double[] ours = new double[21];
    double[] theirs = new double[21];
    for (int i = 0; i < 21; i++) {
      ours[i] = 100 + i % 3;
      theirs[i] = 100;
    }
    ours[7] = 10_000;

    assertThat(RatioInterval.of(ours, theirs).high()).isLessThan(1.03);
  }

  @Test
  void ofKnownSamplesHasTheKnownBounds() {
    // The median of 9 drawn with replacement from 1..9: P(median <= 2) = P(Binomial(9, 2/9) >= 5)
    // = 0.029 and P(median <= 1) = 0.001, so the 2.5th percentile is 2, and by symmetry 8 above.
    RatioInterval interval = RatioInterval.ofSamples(new double[] {9, 1, 8, 2, 7, 3, 6, 4, 5});

    assertThat(interval.estimate()).isEqualTo(5);
    assertThat(interval.low()).isEqualTo(2);
    assertThat(interval.high()).isEqualTo(8);
  }

  @Test
  void coversTheTrueRatioAboutNineteenTimesInTwenty() {
    SplittableRandom random = new SplittableRandom(1);
    int covered = 0;
    for (int trial = 0; trial < 200; trial++) {
      double[] ours = new double[20];
      double[] theirs = new double[20];
      for (int i = 0; i < 20; i++) {
        ours[i] = 120 * Math.exp(0.1 * random.nextGaussian());
        theirs[i] = 100 * Math.exp(0.1 * random.nextGaussian());
      }
      RatioInterval interval = RatioInterval.of(ours, theirs);
      covered += interval.low() <= 1.2 && 1.2 <= interval.high() ? 1 : 0;
    }

    assertThat(covered).isBetween(180, 199);
  }

  @Test
  void theSameRoundsGiveTheSameInterval() {
    double[] ours = {1, 5, 2, 4, 3, 9, 7};
    double[] theirs = {2, 4, 2, 5, 4, 8, 7};

    assertThat(RatioInterval.of(ours, theirs)).isEqualTo(RatioInterval.of(ours, theirs));
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(RatioInterval.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
  }

  @Test
  void refusesUnpairedAndEmptySeries() {
    assertThatThrownBy(() -> RatioInterval.of(new double[1], new double[2]))
        .hasMessageContaining("not paired");
    assertThatThrownBy(() -> RatioInterval.of(new double[0], new double[0]))
        .hasMessageContaining("no rounds");
  }
}
