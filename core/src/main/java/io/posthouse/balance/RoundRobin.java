package io.posthouse.balance;

/**
 * Round robin, weighted and smooth: two of weight 1 and one of weight 2 go a c b c, never c c a b.
 */
final class RoundRobin implements Selector {
  private final WeightedCycle cycle;
  private final Turn turn;

  RoundRobin(int[] weights, Turn turn) {
    this.cycle = new WeightedCycle(weights);
    this.turn = turn;
  }

  @Override
  public int choose(long clientHash, Tried tried) {
    if (tried.isEmpty()) {
      return cycle.at(turn.next());
    }
    long start = turn.now();
    for (int i = 0; i < cycle.length(); i++) {
      int candidate = cycle.at(start + i);
      if (!tried.contains(candidate)) {
        return candidate;
      }
    }
    return -1;
  }
}
