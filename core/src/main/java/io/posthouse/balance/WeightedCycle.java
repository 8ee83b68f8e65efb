package io.posthouse.balance;

/**
 * A fixed cycle in which every candidate stands as often as its weight says, spread as evenly as
 * possible.
 *
 * <p>Made by smooth weighted round robin: at each step every candidate gains its weight, the
 * richest is taken and pays the sum of all weights. Doing this once, when a view is built, leaves
 * the hot path with one atomic increment and one array read; no lock, whatever the number of loops.
 * Weights are divided by their greatest common divisor, and scaled down where the cycle would pass
 * {@value #LONGEST} steps; the rounding is then below one in a thousand.
 */
final class WeightedCycle {
  private static final int LONGEST = 8192;

  private final short[] steps;

  WeightedCycle(int[] weights) {
    int[] shares = reduced(weights);
    int total = 0;
    for (int share : shares) {
      total += share;
    }
    steps = new short[total];
    int[] credit = new int[shares.length];
    for (int step = 0; step < total; step++) {
      int richest = 0;
      for (int i = 0; i < shares.length; i++) {
        credit[i] += shares[i];
        if (credit[i] > credit[richest]) {
          richest = i;
        }
      }
      credit[richest] -= total;
      steps[step] = (short) richest;
    }
  }

  /** Steps in the cycle. */
  int length() {
    return steps.length;
  }

  /** The candidate at a position; positions wrap around. */
  int at(long position) {
    return steps[(int) Long.remainderUnsigned(position, steps.length)];
  }

  private static int[] reduced(int[] weights) {
    long total = 0;
    int divisor = 0;
    for (int weight : weights) {
      if (weight < 1) {
        throw new IllegalArgumentException("a weight must be at least 1, not " + weight);
      }
      total += weight;
      divisor = gcd(weight, divisor);
    }
    int[] shares = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      shares[i] =
          total / divisor <= LONGEST
              ? weights[i] / divisor
              : (int) Math.max(1, Math.round((double) weights[i] * LONGEST / total));
    }
    return shares;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
