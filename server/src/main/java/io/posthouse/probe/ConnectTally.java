package io.posthouse.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What real connections to members came to since the owner last looked: counted, not queued, so
 * that a flood of them costs no memory.
 *
 * <p>A success matters only after a failure. While no member has any, which is nearly always, it
 * costs one volatile read. Any thread may call; the lock is held for a few instructions.
 */
final class ConnectTally {

  /** A member of a pool. */
  record Key(String pool, String member) {}

  /**
   * What happened to one member, in this order.
   *
   * @param succeeded whether any connection succeeded
   * @param failures how many failed after the last one that succeeded
   * @param reason of the last failure
   */
  record Tally(Key key, boolean succeeded, int failures, String reason) {}

  private final Map<Key, Tally> tallies = new LinkedHashMap<>();
  private final Set<Key> struck = new LinkedHashSet<>();
  private volatile boolean anyStruck;

  /** A connection failed; whether the owner must be told that there is something to take. */
  synchronized boolean failed(String pool, String member, String reason) {
    Key key = new Key(pool, member);
    boolean tell = tallies.isEmpty();
    Tally before = tallies.getOrDefault(key, new Tally(key, false, 0, reason));
    int failures = Math.min(before.failures() + 1, 1000);
    tallies.put(key, new Tally(key, before.succeeded(), failures, reason));
    struck.add(key);
    anyStruck = true;
    return tell;
  }

  /** A connection was made; whether the owner must be told that there is something to take. */
  boolean succeeded(String pool, String member) {
    return anyStruck && clear(new Key(pool, member));
  }

  /** Takes everything. */
  synchronized List<Tally> take() {
    List<Tally> taken = new ArrayList<>(tallies.values());
    tallies.clear();
    return taken;
  }

  /** Forgets members that are no more. */
  synchronized void retain(Predicate<Key> exists) {
    struck.removeIf(exists.negate());
    tallies.keySet().removeIf(exists.negate());
    anyStruck = !struck.isEmpty();
  }

  private synchronized boolean clear(Key key) {
    if (!struck.remove(key)) {
      return false;
    }
    anyStruck = !struck.isEmpty();
    boolean tell = tallies.isEmpty();
    tallies.put(key, new Tally(key, true, 0, ""));
    return tell;
  }
}
