package io.posthouse.switching;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of all replay buffers of a loop: blocks of one size, reused, out of one budget of the
 * whole process.
 */
final class ReplayBlocks {
  /** Octets of a block. */
  static final int BLOCK = 8 * 1024;

  private static final int MOST_SPARE = 64;

  private final AtomicLong budget;
  private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

  /**
   * Blocks of one loop.
   *
   * @param budget octets that all loops together may still take
   */
  ReplayBlocks(AtomicLong budget) {
    this.budget = budget;
  }

  /** A block; null when the budget is used up. */
  byte @Nullable [] take() {
    if (budget.addAndGet(-BLOCK) < 0) {
      budget.addAndGet(BLOCK);
      return null;
    }
    byte[] block = spare.poll();
    return block == null ? new byte[BLOCK] : block;
  }

  void giveBack(byte[] block) {
    budget.addAndGet(BLOCK);
    if (spare.size() < MOST_SPARE) {
      spare.push(block);
    }
  }
}
