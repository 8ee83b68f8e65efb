package io.posthouse.health;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Never more than half of a pool's weight is taken away, and nothing of a pool of one: pressure on
 * all members must not turn every message away that one of them might still take.
 *
 * <p>The worst are taken out first: the smallest wish, then the longest time out, then the order of
 * the file. What is left of the bound is taken from the next one in part; those after it stay
 * whole.
 */
final class PressureBound {
  /** The share of the pool's weight that can be taken away. */
  static final double MOST = 0.5;

  private PressureBound() {}

  /**
   * A member that could take work but for its pressure.
   *
   * @param weight above 0
   */
  record Wish(double weight, Pressure pressure) {}

  /** The share of its weight that each member gets, in the same order; never below its wish. */
  static double[] grant(List<Wish> wishes) {
    double[] shares = new double[wishes.size()];
    if (wishes.size() == 1) {
      shares[0] = 1;
      return shares;
    }
    double left = MOST * wishes.stream().mapToDouble(Wish::weight).sum();
    for (int i : worstFirst(wishes)) {
      Wish wish = wishes.get(i);
      double wanted = wish.weight() * (1 - wish.pressure().wish());
      // Exactly as wished where it can be: 0 means out, and may not become a rounding error.
      shares[i] = wanted <= left ? wish.pressure().wish() : 1 - left / wish.weight();
      left = Math.max(0, left - wanted);
    }
    return shares;
  }

  private static List<Integer> worstFirst(List<Wish> wishes) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, wishes.size()).boxed().toList());
    order.sort(
        Comparator.comparingDouble((Integer i) -> wishes.get(i).pressure().wish())
            .thenComparing(i -> wishes.get(i).pressure().outFor(), Comparator.reverseOrder()));
    return order;
  }
}
