package io.posthouse.balance;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The same client, the same member: a weighted Maglev table (Eisenbud et al., "Maglev: a fast and
 * reliable software network load balancer", NSDI 2016, section 3.4).
 *
 * <p>Every candidate walks its own permutation of the table and claims the next free slot whenever
 * its turn comes; turns come in proportion to weight. A member that leaves gives its slots to all
 * others and moves hardly any client that was not its own. Permutations and turns follow from the
 * members' names alone, so that two Posthouses agree whatever the order in their files.
 */
final class SourceHash implements Selector {
  /** A prime, more than a hundred slots for each of fifty members of mixed weights. */
  private static final int SLOTS = 16_381;

  private final short[] slots = new short[SLOTS];
  private final int candidates;

  SourceHash(List<String> names, int[] weights) {
    candidates = names.size();
    int[] offset = new int[candidates];
    int[] skip = new int[candidates];
    int[] next = new int[candidates];
    int heaviest = 0;
    for (int i = 0; i < candidates; i++) {
      long hash = Hashing.xxh3_64().hashCharsToLong(names.get(i));
      offset[i] = (int) Long.remainderUnsigned(hash, SLOTS);
      skip[i] = (int) Long.remainderUnsigned(Long.rotateLeft(hash, 32), SLOTS - 1) + 1;
      heaviest = Math.max(heaviest, weights[i]);
    }
    int[] turns =
        IntStream.range(0, candidates)
            .boxed()
            .sorted(Comparator.comparing(names::get))
            .mapToInt(i -> i)
            .toArray();
    Arrays.fill(slots, (short) -1);
    int filled = 0;
    long[] due = new long[candidates];
    while (true) {
      for (int i : turns) {
        // The heaviest claims a slot in every round, the others as often as their weight says.
        due[i] += weights[i];
        if (due[i] < heaviest) {
          continue;
        }
        due[i] -= heaviest;
        int slot;
        do {
          slot = (int) ((offset[i] + (long) next[i]++ * skip[i]) % SLOTS);
        } while (slots[slot] >= 0);
        slots[slot] = (short) i;
        if (++filled == SLOTS) {
          return;
        }
      }
    }
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
