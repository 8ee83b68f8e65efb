package io.posthouse.balance;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which candidate each slot of a hash belongs to: a weighted Maglev table (Eisenbud et al.,
 * "Maglev: a fast and reliable software network load balancer", NSDI 2016, section 3.4).
 *
 * <p>Every candidate walks its own permutation of the table and claims the next free slot whenever
 * its turn comes; turns come in proportion to weight. Permutations and turns follow from the names
 * alone, so that two Posthouses agree whatever the order in their files.
 */
public final class MaglevTable {
  private MaglevTable() {}

  /**
   * Makes a table.
   *
   * @param names of the candidates, one at least
   * @param weights theirs, each at least 1
   * @param size how many slots; a prime, so that each walk comes to every slot
   * @return for each slot the index of a candidate
   */
  public static short[] of(List<String> names, int[] weights, int size) {
    int candidates = names.size();
    int[] offset = new int[candidates];
    int[] skip = new int[candidates];
    int[] next = new int[candidates];
    int heaviest = 0;
    for (int i = 0; i < candidates; i++) {
      long hash = Hashing.xxh3_64().hashCharsToLong(names.get(i));
      offset[i] = (int) Long.remainderUnsigned(hash, size);
      skip[i] = (int) Long.remainderUnsigned(Long.rotateLeft(hash, 32), size - 1) + 1;
      heaviest = Math.max(heaviest, weights[i]);
    }
    int[] turns =
        IntStream.range(0, candidates)
            .boxed()
            .sorted(Comparator.comparing(names::get))
            .mapToInt(i -> i)
            .toArray();
    short[] slots = new short[size];
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
          slot = (int) ((offset[i] + (long) next[i]++ * skip[i]) % size);
        } while (slots[slot] >= 0);
        slots[slot] = (short) i;
        if (++filled == size) {
          return slots;
        }
      }
    }
  }
}
