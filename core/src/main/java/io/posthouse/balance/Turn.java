package io.posthouse.balance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A pool's position in its turn-taking. It belongs to the pool, not to a loop or a link, and
 * outlives views: a new view goes on where the old one was.
 */
public final class Turn {
  private final AtomicLong position = new AtomicLong();

  /** Takes the next turn. */
  long next() {
    return position.getAndIncrement();
  }

  /** The position that the next turn will have. */
  long now() {
    return position.get();
  }
}
