package io.posthouse.bench.measure;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The ratio of two paired series with its 95 % interval.
 *
 * <p>Each round gives one pair and so one ratio; drift of the machine that lasts longer than a
 * round cancels in it. The estimate is the median of these ratios, since one disturbed round must
 * not move it. The interval is the bootstrap percentile interval: the rounds are drawn with
 * replacement many times, the median of each draw is taken, and the interval reaches from the 2.5th
 * to the 97.5th percentile of these medians. The seed is fixed: the same rounds give the same
 * interval.
 *
 * @param estimate the median ratio
 * @param low the lower end of the interval
 * @param high the upper end
 * @param rounds how many pairs there were
 */
public record RatioInterval(double estimate, double low, double high, int rounds) {

  private static final int DRAWS = 10_000;
  private static final long SEED = 25;

  /** The ratio of {@code ours[i]} to {@code theirs[i]} over all i. */
  public static RatioInterval of(double[] ours, double[] theirs) {
    if (ours.length != theirs.length) {
      throw new IllegalArgumentException(
          "not paired: " + ours.length + " and " + theirs.length + " rounds");
    }
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return ofSamples(ratios);
  }

  /** The median of the samples themselves, for figures with an absolute goal. */
  public static RatioInterval ofSamples(double[] samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("no rounds");
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] medians = new double[DRAWS];
    double[] draw = new double[samples.length];
    for (int i = 0; i < DRAWS; i++) {
      for (int j = 0; j < draw.length; j++) {
        draw[j] = samples[random.nextInt(samples.length)];
      }
      medians[i] = median(draw);
    }
    Arrays.sort(medians);
    return new RatioInterval(
        median(samples),
        medians[(int) (DRAWS * 0.025)],
        medians[(int) (DRAWS * 0.975)],
        samples.length);
  }

  /** The median; the mean of the middle two when their number is even. */
  public static double median(double[] samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
