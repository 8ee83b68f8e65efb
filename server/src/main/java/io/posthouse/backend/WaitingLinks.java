package io.posthouse.backend;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Links that wait because every usable member is at its limit: first come, first served, bounded by
 * the pool's queue length.
 *
 * <p>A permit that comes free wakes the first; it takes its try on its own loop and goes back to
 * the head when somebody else was faster. Newcomers do not overtake as long as anybody waits. From
 * any thread.
 */
public final class WaitingLinks {
  private final ConcurrentLinkedDeque<Dial> queue = new ConcurrentLinkedDeque<>();
  private final AtomicInteger length = new AtomicInteger();

  /** How many links wait. */
  public int length() {
    return length.get();
  }

  boolean isEmpty() {
    return length.get() == 0;
  }

  /** Lets a dial wait at the end; false when the queue is full. */
  boolean join(Dial dial, int limit) {
    if (length.incrementAndGet() > limit) {
      length.decrementAndGet();
      return false;
    }
    queue.addLast(dial);
    return true;
  }

  /** Lets a dial that was woken in vain wait at the head. */
  void rejoin(Dial dial) {
    length.incrementAndGet();
    queue.addFirst(dial);
  }

  /** Takes a dial out that waits no more; false when it was being woken already. */
  boolean leave(Dial dial) {
    if (queue.remove(dial)) {
      length.decrementAndGet();
      return true;
    }
    return false;
  }

  void wakeOne() {
    if (length.get() > 0) {
      Dial first = queue.pollFirst();
      if (first != null) {
        length.decrementAndGet();
        first.wake();
      }
    }
  }

  void wakeAll() {
    for (int n = length.get(); n > 0; n--) {
      wakeOne();
    }
  }
}
