package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of the octets that a message's client has given so far, so that another member can be
 * given the same. Once it is full it is empty for the rest of the message.
 */
final class ReplayBuffer {
  private final ReplayBlocks blocks;
  private final List<byte[]> held = new ArrayList<>(1);
  private long limit;
  private long octets;
  private boolean given;

  ReplayBuffer(ReplayBlocks blocks) {
    this.blocks = blocks;
  }

  /** Begins a message of which at most so many octets are kept. */
  void begin(long most) {
    clear();
    limit = most;
    given = false;
  }

  /**
   * Copies octets.
   *
   * @return false the first time that they do not fit: the message cannot be replayed any more
   */
  boolean add(ByteBuf from, int index, int count) {
    if (given) {
      return true;
    }
    if (octets + count > limit || !copy(from, index, count)) {
      clear();
      given = true;
      return false;
    }
    return true;
  }

  private boolean copy(ByteBuf from, int index, int count) {
    int done = 0;
    while (done < count) {
      int at = (int) (octets % ReplayBlocks.BLOCK);
      if (at == 0 && octets / ReplayBlocks.BLOCK == held.size()) {
        byte[] block = blocks.take();
        if (block == null) {
          return false;
        }
        held.add(block);
      }
      int now = Math.min(count - done, ReplayBlocks.BLOCK - at);
      from.getBytes(index + done, held.getLast(), at, now);
      octets += now;
      done += now;
    }
    return true;
  }

  /** A copy of a part. */
  ByteBuf part(ByteBufAllocator allocator, long from, long count) {
    if (from + count > octets) {
      throw new IllegalArgumentException("octets " + from + "+" + count + " of " + octets);
    }
    ByteBuf part = allocator.buffer((int) count);
    long at = from;
    while (part.writableBytes() > 0 && at < from + count) {
      int offset = (int) (at % ReplayBlocks.BLOCK);
      int now = (int) Math.min(ReplayBlocks.BLOCK - offset, from + count - at);
      part.writeBytes(held.get((int) (at / ReplayBlocks.BLOCK)), offset, now);
      at += now;
    }
    return part;
  }

  /** Forgets everything. */
  void clear() {
    held.forEach(blocks::giveBack);
    held.clear();
    octets = 0;
  }
}
