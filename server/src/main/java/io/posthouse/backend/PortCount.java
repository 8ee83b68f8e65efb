package io.posthouse.backend;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The ports of one source address towards one member. */
final class PortCount {
  /** Nobody may count on it any more. */
  private static final int DROPPED = -1;

  /** What was last told of them. */
  enum Told {
    NOTHING,
    LOW,
    EXHAUSTED
  }

  final AtomicReference<Told> told = new AtomicReference<>(Told.NOTHING);
  final PortTrend trend = new PortTrend();
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder returned = new LongAdder();
  private volatile int others;
  private volatile @Nullable Duration exhaustedIn;
  private volatile boolean refused;
  private volatile long refusedAt;

  /** Counts one more; false when this one is dropped, and another must be made. */
  boolean take() {
    return open.getAndUpdate(now -> now == DROPPED ? now : now + 1) != DROPPED;
  }

  /** Counts one less. */
  void giveBack() {
    open.updateAndGet(now -> now > 0 ? now - 1 : now);
    returned.increment();
  }

  /** Whether it is at nought, and from now on of no use. */
  boolean drop() {
    return open.compareAndSet(0, DROPPED);
  }

  /** Connections of ours. */
  int open() {
    return Math.max(0, open.get());
  }

  /** All ports that cannot be had now, as far as is known. */
  int used() {
    return open() + others;
  }

  long returned() {
    return returned.sum();
  }

  @Nullable Duration exhaustedIn() {
    return exhaustedIn;
  }

  /** Notes that the kernel had no port. */
  void refused(long nanos) {
    refusedAt = nanos;
    refused = true;
  }

  /** Whether the kernel had no port within the last while. */
  boolean refusedWithin(long nanos, long now) {
    return refused && now - refusedAt < nanos;
  }

  /** Notes what was found at a look: ports held beside our open connections, and the forecast. */
  void looked(long nanos, int otherPorts, int capacity) {
    others = otherPorts;
    trend.add(nanos, used(), returned());
    exhaustedIn = trend.exhaustedIn(capacity);
  }
}
