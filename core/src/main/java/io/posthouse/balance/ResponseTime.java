package io.posthouse.balance;

import java.util.List;

/**
 * Shares in proportion to weight and inverse to the mean response time.
 *
 * <p>Always taking the fastest would send a quiet pool's work to one member for microseconds of
 * difference. So shares are drawn, and times under {@value #FLOOR_NANOS} ns count as equal: on one
 * LAN the weights decide until a member is really slow. A member that never answered yet counts as
 * the fastest, so that it is tried; a slow one keeps a small share, so that its recovery is seen.
 */
final class ResponseTime implements Selector {
  private static final long FLOOR_NANOS = 2_000_000;

  private final int[] weights;
  private final List<? extends Load> loads;
  private final Turn turn;

  ResponseTime(int[] weights, List<? extends Load> loads, Turn turn) {
    this.weights = weights.clone();
    this.loads = List.copyOf(loads);
    this.turn = turn;
  }

  @Override
  public int choose(long clientHash, Tried tried) {
    double[] shares = new double[weights.length];
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!tried.contains(i)) {
        shares[i] = (double) weights[i] / Math.max(FLOOR_NANOS, loads.get(i).responseNanos());
        total += shares[i];
      }
    }
    double rest = EvenSequence.golden(tried.isEmpty() ? turn.next() : turn.now()) * total;
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (!tried.contains(i)) {
        last = i;
        rest -= shares[i];
        if (rest < 0) {
          break;
        }
      }
    }
    return last;
  }
}
