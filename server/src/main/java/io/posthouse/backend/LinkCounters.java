package io.posthouse.backend;

import io.posthouse.door.Status.LinkCounts;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts a virtual server's links; from any loop. */
public final class LinkCounters {
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder total = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder ofNoClass = new LongAdder();
  private final LongAdder notBelieved = new LongAdder();
  private final LongAdder octetsIn = new LongAdder();
  private final LongAdder octetsOut = new LongAdder();

  /**
   * Counts a link in, unless there are as many as there may be.
   *
   * @param limit most links at once; 0 for no limit
   */
  public boolean opened(int limit) {
    total.increment();
    if (open.incrementAndGet() <= limit || limit == 0) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  /**
   * Counts a link out.
   *
   * @param admitted whether {@link #opened} let it in
   * @param refused whether it never got what it came for
   * @param failed whether a side, a deadline or an administrator ended it before its time
   */
  public void closed(boolean admitted, boolean refused, boolean failed, long in, long out) {
    if (admitted) {
      open.decrementAndGet();
    }
    octetsIn.add(in);
    octetsOut.add(out);
    if (refused) {
      this.refused.increment();
    } else if (failed) {
      this.failed.increment();
    }
  }

  /** One of the refused links was of no client class. */
  public void ofNoClass() {
    ofNoClass.increment();
  }

  /** One of the refused links was of a peer that is not believed, or that sent no good header. */
  public void notBelieved() {
    notBelieved.increment();
  }

  /** Links open now. */
  public int open() {
    return open.get();
  }

  /** Links now and since it was first configured. */
  public LinkCounts counts() {
    return new LinkCounts(
        open.get(),
        total.sum(),
        refused.sum(),
        ofNoClass.sum(),
        notBelieved.sum(),
        failed.sum(),
        octetsIn.sum(),
        octetsOut.sum());
  }
}
