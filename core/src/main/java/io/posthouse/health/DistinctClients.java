package io.posthouse.health;

import java.time.Duration;

/**
 * Whether three clients saw a member fail, and not one of them three times: what a single client
 * may have provoked (421, a time-out) is no evidence against the member.
 *
 * <p>It remembers two clients and when each was last heard; the third is decided on arrival. Each
 * is forgotten after a minute, and all of them when the member takes a message.
 */
final class DistinctClients {
  /** How many must have seen it. */
  static final int NEEDED = 3;

  /** How long one of them counts. */
  static final Duration MEMORY = Duration.ofSeconds(60);

  private final long[] clients = new long[NEEDED - 1];
  private final long[] heardNanos = new long[NEEDED - 1];
  private int known;

  /**
   * A client saw the member fail.
   *
   * @param client what tells clients apart, such as a hash of the address
   * @return whether it was the last one needed; then all are forgotten
   */
  boolean add(long client, long nowNanos) {
    forgetBefore(nowNanos);
    for (int i = 0; i < known; i++) {
      if (clients[i] == client) {
        heardNanos[i] = nowNanos;
        return false;
      }
    }
    if (known == NEEDED - 1) {
      clear();
      return true;
    }
    clients[known] = client;
    heardNanos[known++] = nowNanos;
    return false;
  }

  /** Forgets all of them. */
  void clear() {
    known = 0;
  }

  private void forgetBefore(long nowNanos) {
    int kept = 0;
    for (int i = 0; i < known; i++) {
      if (nowNanos - heardNanos[i] < MEMORY.toNanos()) {
        clients[kept] = clients[i];
        heardNanos[kept++] = heardNanos[i];
      }
    }
    known = kept;
  }
}
