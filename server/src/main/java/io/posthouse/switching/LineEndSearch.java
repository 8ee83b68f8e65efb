package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Skips what in the midst of a body needs no state machine, eight octets at a time: octets that are
 * neither CR nor LF, and plain ends of lines.
 */
final class LineEndSearch {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long CRS = ONES * '\r';
  private static final long LFS = ONES * '\n';

  private LineEndSearch() {}

  /**
   * An index up to which there is neither CR nor LF: that of the first one in [from, to), or to
   * when there is none. Of a buffer in several pieces nothing is skipped.
   */
  static int next(ByteBuf octets, int from, int to) {
    return search(octets, from, to, false);
  }

  /**
   * From the midst of a line, an index in the midst of a line up to which all is plain; as {@link
   * #next}.
   *
   * <p>Plain is a CR LF with an octet behind it that is none of CR, LF and the dot.
   */
  static int nextUnusual(ByteBuf octets, int from, int to) {
    return search(octets, from, to, true);
  }

  private static int search(ByteBuf octets, int from, int to, boolean pastPlainEnds) {
    if (from >= to || octets.nioBufferCount() != 1) {
      return from;
    }
    // The buffer's own view of its memory: asked once, it spares a check of each access.
    ByteBuffer view = octets.internalNioBuffer(from, to - from);
    int offset = view.position() - from;
    int end = view.limit();
    int index = view.position();
    while (index < end) {
      index = lineEnd(view, index, end);
      if (!pastPlainEnds || !isPlainEnd(view, index, end)) {
        break;
      }
      index += 3;
    }
    return index - offset;
  }

  private static int lineEnd(ByteBuffer view, int from, int end) {
    int index = from;
    while (index + 8 <= end) {
      // The first octet is the lowest, where a hit is exact.
      long word = Long.reverseBytes(view.getLong(index));
      long hits = zeros(word ^ CRS) | zeros(word ^ LFS);
      if (hits != 0) {
        return index + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
      index += 8;
    }
    while (index < end && view.get(index) != '\r' && view.get(index) != '\n') {
      index++;
    }
    return index;
  }

  private static boolean isPlainEnd(ByteBuffer view, int index, int end) {
    if (index + 3 > end || view.get(index) != '\r' || view.get(index + 1) != '\n') {
      return false;
    }
    byte behind = view.get(index + 2);
    return behind != '.' && behind != '\r' && behind != '\n';
  }

  /** A high bit for each zero octet; exact for the lowest one, which is all that is asked. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGH;
  }
}
