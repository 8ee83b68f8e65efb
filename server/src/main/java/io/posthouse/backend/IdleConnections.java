package io.posthouse.backend;

import io.posthouse.net.Loop;
import io.posthouse.smtp.Command;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A member's connections that are kept for the next message: a handful in all, whatever loop they
 * live on. Each holds its permit. Used last, taken first, so that a quiet time closes the others.
 *
 * <p>From any thread; whoever gets a connection out of it is its only owner. A connection is used
 * on its own loop alone, but any loop may have it closed.
 */
public final class IdleConnections {
  private final ConcurrentLinkedDeque<BackendConnection> kept = new ConcurrentLinkedDeque<>();
  private final AtomicInteger size = new AtomicInteger();
  private volatile boolean greetOnce;

  /** How many are kept. */
  int size() {
    return Math.max(0, size.get());
  }

  boolean isEmpty() {
    return size.get() <= 0;
  }

  /**
   * Keeps one; false when there are as many as there may be. One of another key makes place: whom
   * it serves has not come for longest.
   */
  boolean keep(BackendConnection connection, int most) {
    if (size.incrementAndGet() > most) {
      BackendConnection oldest = kept.peekLast();
      if (oldest == null || oldest.key().equals(connection.key()) || !remove(oldest)) {
        size.decrementAndGet();
        return false;
      }
      oldest.loop().execute(oldest::quit);
    }
    kept.addFirst(connection);
    return true;
  }

  /** Has those closed that serve nobody but one client that has gone. */
  public void evict(Object identity) {
    for (BackendConnection each : kept) {
      if (identity.equals(each.key().identity()) && remove(each)) {
        each.loop().execute(each::quit);
      }
    }
  }

  /** Notes that the member refuses to be greeted anew on a connection. */
  void greetOnce() {
    greetOnce = true;
  }

  /**
   * Takes one out that lives on a loop; null when there is none.
   *
   * @param key what it must be equal in
   * @param hello how the member is to be greeted
   */
  public @Nullable BackendConnection take(
      Loop loop, BackendKey key, Command.@Nullable Hello hello) {
    if (isEmpty()) {
      return null;
    }
    for (Iterator<BackendConnection> each = kept.iterator(); each.hasNext(); ) {
      BackendConnection connection = each.next();
      if (connection.loop() == loop
          && connection.key().equals(key)
          && (!greetOnce || Objects.equals(hello, connection.server().greetedAs()))
          && remove(connection)) {
        return connection;
      }
    }
    return null;
  }

  /** Takes this one out; false when somebody else has. */
  boolean remove(BackendConnection connection) {
    if (kept.removeFirstOccurrence(connection)) {
      size.decrementAndGet();
      return true;
    }
    return false;
  }

  /** Has the one closed that was used longest ago. */
  void evictOne() {
    BackendConnection oldest = kept.pollLast();
    if (oldest != null) {
      size.decrementAndGet();
      oldest.loop().execute(oldest::quit);
    }
  }

  /** Has all of them closed. */
  void evictAll() {
    while (!kept.isEmpty()) {
      evictOne();
    }
  }
}
