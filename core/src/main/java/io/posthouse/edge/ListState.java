package io.posthouse.edge;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How a list in DNS behaves: what it was asked, and whether it answers at all. From any thread; it
 * outlives reloads as long as its name stays.
 *
 * <p>A list that has not answered {@value #FAILURES} times in a row rests for a minute: nobody
 * waits for it, and then one client asks again. Only questions that went out count, each once: not
 * those that found no room, nor answers that are remembered, nor names that clients choose. So
 * clients can bring this about only by keeping the list or our resolver from answering anybody.
 */
public final class ListState {
  private static final int FAILURES = 5;
  private static final long REST_NANOS = 60_000_000_000L;
  private static final long SAME_NANOS = 10_000_000_000L;
  private static final long TELL_NANOS = 3_600_000_000_000L;

  private final Tally tally = new Tally();
  private final LongAdder refusals = new LongAdder();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong askedAt = new AtomicLong();
  private final AtomicLong toldAt = new AtomicLong();
  private volatile boolean told;
  private volatile @Nullable Failed lastFailed;

  private record Failed(Lookup question, long nanos) {}

  /** What it was asked, and how often a client was on it. */
  public Tally tally() {
    return tally;
  }

  /** How often it said that it does not talk to our resolver. */
  public long refusals() {
    return refusals.sum();
  }

  /** Whether it may be asked now; of a list that does not answer, by one client a minute. */
  boolean mayAsk(long nanos) {
    long before = askedAt.get();
    return failures.get() < FAILURES
        || (nanos - before >= REST_NANOS && askedAt.compareAndSet(before, nanos));
  }

  /** A question has come to nothing, by no fault of the list: the next client may ask. */
  void notAsked(long nanos) {
    askedAt.set(nanos - REST_NANOS);
  }

  void answered() {
    failures.set(0);
  }

  /** A question failed; counted once, however many clients waited for the answer. */
  void failed(Lookup question, long nanos) {
    Failed before = lastFailed;
    if (before != null
        && before.question().equals(question)
        && nanos - before.nanos() < SAME_NANOS) {
      return;
    }
    lastFailed = new Failed(question, nanos);
    if (failures.incrementAndGet() == FAILURES) {
      askedAt.set(nanos);
    }
  }

  /** It does not talk to us; whether people are to hear of it, which is once an hour. */
  boolean refused(long nanos) {
    refusals.increment();
    long before = toldAt.get();
    if ((told && nanos - before < TELL_NANOS) || !toldAt.compareAndSet(before, nanos)) {
      return false;
    }
    told = true;
    return true;
  }
}
