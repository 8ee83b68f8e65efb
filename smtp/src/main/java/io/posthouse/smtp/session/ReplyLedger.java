package io.posthouse.smtp.session;

import io.posthouse.smtp.Reply;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps replies in the order of their commands (RFC 2920 section 3.2).
 *
 * <p>A command opens a slot, which is filled exactly once; replies leave from the front, as far as
 * they are there. Slots are a bounded ring: when it is full the client is not read.
 */
final class ReplyLedger {
  /** Most commands that wait for their reply at once. */
  static final int SLOTS = 128;

  /** Slots of a client that does not pipeline, and some more. */
  private static final int FEW = 8;

  private final Consumer<Reply> out;
  private @Nullable Reply @Nullable [] ring;
  private long next;
  private long first;

  ReplyLedger(Consumer<Reply> out) {
    this.out = out;
  }

  /** Whether every command so far was answered. */
  boolean isEmpty() {
    return first == next;
  }

  /** Whether one more command would have no slot. */
  boolean isFull() {
    return next - first >= SLOTS;
  }

  /** Opens a slot. */
  long open() {
    if (isFull()) {
      throw new IllegalStateException("no slot is free");
    }
    if (ring == null) {
      ring = new @Nullable Reply[FEW];
    } else if (next - first == ring.length) {
      ring = grown(ring);
    }
    return next++;
  }

  private @Nullable Reply[] grown(@Nullable Reply[] full) {
    @Nullable Reply[] larger = new @Nullable Reply[SLOTS];
    for (long slot = first; slot < next; slot++) {
      larger[(int) (slot % larger.length)] = full[(int) (slot % full.length)];
    }
    return larger;
  }

  /** Answers a command that opened no slot, in its turn. */
  void answer(Reply reply) {
    if (isEmpty()) {
      out.accept(reply);
    } else {
      fill(open(), reply);
    }
  }

  /** Answers a slot; whatever can leave now leaves. */
  void fill(long slot, Reply reply) {
    @Nullable Reply[] slots = slots();
    if (slot < first || slot >= next || slots[index(slot)] != null) {
      throw new IllegalStateException("slot " + slot + " is not open");
    }
    slots[index(slot)] = reply;
    while (first < next) {
      Reply ready = slots[index(first)];
      if (ready == null) {
        return;
      }
      slots[index(first)] = null;
      first++;
      out.accept(ready);
    }
  }

  /** Answers every open slot: the first with one reply, the others with another. */
  void fillAll(Reply forFirst, Reply forOthers) {
    Reply reply = forFirst;
    for (long slot = first; slot < next; slot++) {
      if (slot >= first && slots()[index(slot)] == null) {
        fill(slot, reply);
        reply = forOthers;
      }
    }
  }

  /** Forgets all slots; nobody is left to be answered. */
  void clear() {
    first = next;
    if (ring != null) {
      Arrays.fill(ring, null);
    }
  }

  private @Nullable Reply[] slots() {
    @Nullable Reply[] slots = ring;
    if (slots == null) {
      throw new IllegalStateException("no slot was opened");
    }
    return slots;
  }

  private int index(long slot) {
    return (int) (slot % slots().length);
  }
}
