package io.posthouse.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * What real mail came to at members since the owner last looked: counted, not queued, so that a
 * flood of it costs no memory, and without a lock, since loops tell it.
 *
 * <p>A message taken is told to the owner with the next bad news only, unless somebody waits for
 * it; so mail without trouble costs one compare-and-set a message. From any thread. Of such
 * messages no more than {@link #MOST_TAKEN} are remembered: a calm hour does not excuse what
 * happens now.
 */
public final class MailTally {
  /** Most messages taken that count against one refused after them. */
  static final int MOST_TAKEN = 50;

  /** Most pieces of evidence that depend on clients between two looks; more of them add nothing. */
  static final int MOST_TOLD = 256;

  private static final MailCounts NONE = new MailCounts(0, 0, 0, "");

  /** A member of a pool, and whose mail. */
  public record Key(String pool, String member, SenderScope scope) {}

  /** What came to be at one member. */
  public record Tally(Key key, MailCounts counts) {}

  /** What is told one by one. */
  public sealed interface Told {
    /** Of which member and scope. */
    Key key();

    /** A pressure reply that this client might have provoked. */
    record RefusedFor(Key key, long client, String reply) implements Told {}

    /** A failure that this client might have provoked. */
    record FailedFor(Key key, long client, String reason) implements Told {}

    /** A trial that said nothing. */
    record Undecided(Key key, int trial) implements Told {}
  }

  private final Map<Key, AtomicReference<MailCounts>> counts = new ConcurrentHashMap<>();
  private final Queue<Told> told = new ArrayBlockingQueue<>(MOST_TOLD);
  private final AtomicBoolean lettered = new AtomicBoolean();

  /** A message was taken; whether the owner must be told that there is something to take. */
  public boolean taken(Key key, boolean awaited) {
    of(key).getAndUpdate(MailTally::oneMore);
    return awaited && lettered.compareAndSet(false, true);
  }

  private static MailCounts oneMore(MailCounts before) {
    boolean calm = before.refused() == 0 && before.accepted() >= MOST_TAKEN;
    return calm ? before : before.then(MailCounts.ACCEPTED);
  }

  /** A message was refused for pressure; whether the owner must be told. */
  public boolean refused(Key key, String reply) {
    of(key).getAndUpdate(before -> before.then(MailCounts.refused(reply)));
    return lettered.compareAndSet(false, true);
  }

  /** Something else; whether the owner must be told. */
  public boolean tell(Told what) {
    return told.offer(what) && lettered.compareAndSet(false, true);
  }

  /** Takes all counts; {@link #takeTold} comes behind it. */
  public List<Tally> take() {
    lettered.set(false);
    List<Tally> taken = new ArrayList<>();
    counts.forEach((key, of) -> {
      MailCounts had = of.getAndSet(NONE);
      if (had.accepted() + had.refused() > 0) {
        taken.add(new Tally(key, had));
      }
    });
    return taken;
  }

  /** Takes what was told one by one, the oldest first. */
  public List<Told> takeTold() {
    List<Told> taken = new ArrayList<>();
    for (Told next = told.poll(); next != null; next = told.poll()) {
      taken.add(next);
    }
    return taken;
  }

  /** Forgets members that are no more. */
  public void retain(Predicate<Key> exists) {
    counts.keySet().removeIf(exists.negate());
  }

  private AtomicReference<MailCounts> of(Key key) {
    AtomicReference<MailCounts> known = counts.get(key);
    return known != null ? known : counts.computeIfAbsent(key, k -> new AtomicReference<>(NONE));
  }
}
