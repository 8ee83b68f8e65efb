package io.posthouse.health;

import java.util.List;

/**
 * Never more than half of a pool's weight is taken away, and nothing of a pool of one: pressure on
 * all members must not turn every message away that one of them might still take.
 *
 * <p>The worst give first: those that are out, then those that are in with less than all. Within
 * each of the two everybody gives the same part of what was wished. So a pool whose members are all
 * out spreads its mail over all of them, as before; sent to some of them only, it would lose the
 * others' capacity just when it has too little.
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
  record Wish(double weight, Pressure pressure) {
    boolean isOut() {
      return pressure.wish() == 0;
    }

    /** The weight that would be taken away. */
    double taken() {
      return weight * (1 - pressure.wish());
    }
  }

  /** The share of its weight that each member gets, in the same order; never below its wish. */
  static double[] grant(List<Wish> wishes) {
    double most = wishes.size() == 1 ? 0 : MOST * wishes.stream().mapToDouble(Wish::weight).sum();
    double out = wishes.stream().filter(Wish::isOut).mapToDouble(Wish::taken).sum();
    double in = wishes.stream().filter(wish -> !wish.isOut()).mapToDouble(Wish::taken).sum();
    double partOut = part(out, most);
    double partIn = part(in, Math.max(0, most - out));
    return wishes.stream()
        .mapToDouble(wish -> {
          double part = wish.isOut() ? partOut : partIn;
          // Exactly as wished where it can be: 0 means out, and may not become a rounding error.
          return part == 1 ? wish.pressure().wish() : 1 - part * (1 - wish.pressure().wish());
        })
        .toArray();
  }

  /** The part of it that can be had. */
  private static double part(double wanted, double most) {
    return wanted <= most ? 1 : most / wanted;
  }
}
