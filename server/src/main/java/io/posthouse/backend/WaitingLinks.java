package io.posthouse.backend;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Links that wait because every usable member is at its limit: first come, first served, bounded by
 * the pool's queue length.
 *
 * <p>Each draws a ticket when it joins and keeps its place until it has a permit or gives up.
 * Whatever may help the first (a permit came free, the view changed) wakes it on its own loop; when
 * it leaves the queue, it wakes the next, so that one signal serves as many as it can. One that had
 * a permit but could not connect comes back to the place it had. Newcomers do not overtake as long
 * as anybody waits. From any thread.
 */
public final class WaitingLinks {
  private final ConcurrentSkipListMap<Long, Dial> queue = new ConcurrentSkipListMap<>();
  private final AtomicLong tickets = new AtomicLong();
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
    dial.ticket = tickets.getAndIncrement();
    queue.put(dial.ticket, dial);
    return true;
  }

  /** Lets a dial wait at the place it had before it left to connect in vain. */
  void rejoin(Dial dial) {
    length.incrementAndGet();
    queue.put(dial.ticket, dial);
  }

  /** Takes a dial out that waits no more. */
  void leave(Dial dial) {
    if (queue.remove(dial.ticket, dial)) {
      length.decrementAndGet();
    }
  }

  /** Lets the first try again. */
  void wakeFirst() {
    Map.Entry<Long, Dial> first = queue.firstEntry();
    if (first != null) {
      first.getValue().wake();
    }
  }
}
