package io.posthouse.net;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Most client links of the process at once. When they are used up, listeners stop accepting and
 * further clients wait in the kernel's backlog, instead of costing descriptors that running links
 * need.
 *
 * <p>From any thread.
 */
public final class LinkLimit {
  private final AtomicInteger open = new AtomicInteger();
  private final CopyOnWriteArrayList<Runnable> whenFree = new CopyOnWriteArrayList<>();
  private volatile int limit;
  private volatile boolean exhausted;

  /** A limit; at least 1. */
  public LinkLimit(int limit) {
    this.limit = Math.max(1, limit);
  }

  /** Sets another limit; links that are open stay. */
  public void limit(int links) {
    limit = Math.max(1, links);
    wake();
  }

  /** The limit. */
  public int limit() {
    return limit;
  }

  /** Links open now. */
  public int open() {
    return open.get();
  }

  /** Counts a link in; whether there may be another one after it. */
  boolean opened() {
    if (open.incrementAndGet() < limit) {
      return true;
    }
    exhausted = true;
    // A link that ended in between has not seen the flag.
    return open.get() < limit;
  }

  /** Counts a link out and lets listeners accept again when they had stopped. */
  public void closed() {
    if (open.decrementAndGet() < limit && exhausted) {
      wake();
    }
  }

  /** Registers what to run, on an arbitrary loop, when links may be accepted again. */
  void whenFree(Runnable resume) {
    whenFree.add(resume);
  }

  void forget(Runnable resume) {
    whenFree.remove(resume);
  }

  private void wake() {
    exhausted = false;
    whenFree.forEach(Runnable::run);
  }
}
