package io.posthouse.relay;

import io.posthouse.door.Status.LinkCounts;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts a virtual server's links; from any loop. */
final class LinkCounters {
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder total = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder octetsIn = new LongAdder();
  private final LongAdder octetsOut = new LongAdder();

  /**
   * Counts a link in, unless there are as many as there may be.
   *
   * @param limit most links at once; 0 for no limit
   */
  boolean opened(int limit) {
    total.increment();
    if (open.incrementAndGet() <= limit || limit == 0) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  void closed(RelayLink link, LinkEnd end) {
    if (link.isAdmitted()) {
      open.decrementAndGet();
    }
    octetsIn.add(link.octetsIn());
    octetsOut.add(link.octetsOut());
    if (end.isRefusal()) {
      refused.increment();
    } else if (end.isFailure()) {
      failed.increment();
    }
  }

  int open() {
    return open.get();
  }

  LinkCounts counts() {
    return new LinkCounts(
        open.get(), total.sum(), refused.sum(), failed.sum(), octetsIn.sum(), octetsOut.sum());
  }
}
