package io.posthouse.balance;

/**
 * Numbers from 0 to 1 that fill the interval evenly from the first on, in one or two dimensions.
 *
 * <p>A drawn share then keeps its weight within a fraction of a percent after a few hundred draws,
 * where independent random numbers would still be two percent off after a thousand. These are the
 * additive recurrences on the golden ratio and on its generalisation to two dimensions (the plastic
 * number); turns are consecutive, so concurrent callers share one sequence without a lock.
 */
final class EvenSequence {
  // 2^64 / phi, and 2^64 / p and 2^64 / p^2 for the plastic number p = 1.3247...
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long PLASTIC_1 = 0xC13FA9A902A6328FL;
  private static final long PLASTIC_2 = 0x91E10DA5C79E7B1DL;

  private EvenSequence() {}

  static double golden(long turn) {
    return unit(turn * GOLDEN);
  }

  static double first(long turn) {
    return unit(turn * PLASTIC_1);
  }

  static double second(long turn) {
    return unit(turn * PLASTIC_2);
  }

  private static double unit(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }
}
