package io.posthouse.backend;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Links that wait because every usable member is at its limit: first come, first served, bounded by
 * the pool's queue length.
 *
 * <p>A dial keeps its place until it has a permit or gives up. Whatever may help the first (a
 * permit came free, the view changed) wakes it on its own loop; when it leaves the queue, it wakes
 * the next, so that one signal serves as many as it can. Newcomers do not overtake as long as
 * anybody waits. From any thread.
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

  /** Lets a dial wait at the head again, which had a permit but could not connect with it. */
  void rejoin(Dial dial) {
    length.incrementAndGet();
    queue.addFirst(dial);
  }

  /** Takes a dial out that waits no more. */
  void leave(Dial dial) {
    if (queue.remove(dial)) {
      length.decrementAndGet();
    }
  }

  /** Lets the first try again. */
  void wakeFirst() {
    @Nullable Dial first = queue.peekFirst();
    if (first != null) {
      first.wake();
    }
  }
}
