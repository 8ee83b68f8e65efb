package io.posthouse.balance;

import java.util.List;

/**
 * The same client, the same member, by a {@link MaglevTable}: a member that leaves gives its slots
 * to all others and moves hardly any client that was not its own.
 */
final class SourceHash implements Selector {
  /** A prime, more than a hundred slots for each of fifty members of mixed weights. */
  private static final int SLOTS = 16_381;

  private final short[] slots;

  SourceHash(List<String> names, int[] weights) {
    slots = MaglevTable.of(names, weights, SLOTS);
  }

  @Override
  public int choose(long clientHash, Tried tried) {
    int start = (int) Long.remainderUnsigned(clientHash, SLOTS);
    for (int i = 0; i < SLOTS; i++) {
      int candidate = slots[(start + i) % SLOTS];
      if (!tried.contains(candidate)) {
        return candidate;
      }
    }
    return -1;
  }
}
