package io.posthouse.balance;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The least work for its weight; among equals, round robin. What counts as work, connections in use
 * or open transactions, is the method's.
 *
 * <p>The tie matters more than it seems: on a quiet pool every candidate has no work at all, and
 * taking the first of equals would send everything to one member.
 */
final class LeastLoad implements Selector {
  private final int[] weights;
  private final List<? extends Load> loads;
  private final ToIntFunction<Load> work;
  private final WeightedCycle cycle;
  private final Turn turn;

  LeastLoad(int[] weights, List<? extends Load> loads, ToIntFunction<Load> work, Turn turn) {
    this.weights = weights.clone();
    this.loads = List.copyOf(loads);
    this.work = work;
    this.cycle = new WeightedCycle(weights);
    this.turn = turn;
  }

  @Override
  public int choose(long clientHash, Tried tried) {
    double least = Double.MAX_VALUE;
    double[] perWeight = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      perWeight[i] =
          tried.contains(i)
              ? Double.MAX_VALUE
              : (double) work.applyAsInt(loads.get(i)) / weights[i];
      least = Math.min(least, perWeight[i]);
    }
    if (least == Double.MAX_VALUE) {
      return -1;
    }
    long start = tried.isEmpty() ? turn.next() : turn.now();
    for (int i = 0; i < cycle.length(); i++) {
      int candidate = cycle.at(start + i);
      if (perWeight[candidate] == least) {
        return candidate;
      }
    }
    throw new AssertionError("every candidate stands in the cycle");
  }
}
