package io.posthouse.switching;

import io.netty.buffer.ByteBuf;

/** Finds the next CR or LF, eight octets at a time: most of a body is neither. */
final class LineEndSearch {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long CRS = ONES * '\r';
  private static final long LFS = ONES * '\n';

  private LineEndSearch() {}

  /** The index of the first CR or LF in [from, to); to when there is none. */
  static int next(ByteBuf octets, int from, int to) {
    int index = from;
    while (index + 8 <= to) {
      long word = octets.getLongLE(index);
      long hits = zeros(word ^ CRS) | zeros(word ^ LFS);
      if (hits != 0) {
        return index + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
      index += 8;
    }
    while (index < to) {
      byte octet = octets.getByte(index);
      if (octet == '\r' || octet == '\n') {
        return index;
      }
      index++;
    }
    return to;
  }

  /** A high bit for each zero octet; exact for the lowest one, which is all that is asked. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGH;
  }
}
