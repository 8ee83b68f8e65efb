package io.posthouse.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds whole replies in what a server sends (RFC 5321 section 4.2.1), split in any way.
 *
 * <p>Keeps one line, cut at its limit, and no more; allocates nothing.
 */
final class ReplyReader {

  /** No whole reply yet. */
  static final int MORE = 0;

  /** What came is no reply. */
  static final int MALFORMED = -1;

  private static final int KEPT = 512;
  private static final int LONGEST_LINE = 4096;
  private static final byte[] PIPELINING = "PIPELINING".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STARTTLS = "STARTTLS".getBytes(StandardCharsets.US_ASCII);

  private final byte[] line = new byte[KEPT];
  private int length;
  private boolean pipelining;
  private boolean startTls;
  private boolean first = true;

  /** Forgets everything, for the next link. */
  void reset() {
    length = 0;
    first = true;
    pipelining = false;
    startTls = false;
  }

  /**
   * Takes octets up to the end of the next reply.
   *
   * @return its code, {@link #MORE} or {@link #MALFORMED}
   */
  int feed(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (first) {
        length = 0;
        first = false;
      }
      byte octet = in.get();
      if (octet == '\n') {
        int code = code();
        if (code == MALFORMED) {
          return MALFORMED;
        }
        pipelining |= holds(PIPELINING);
        startTls |= holds(STARTTLS);
        first = true;
        if (length == 3 || line[3] != '-') {
          return code;
        }
      } else {
        if (length < KEPT) {
          line[length] = octet;
        }
        if (++length > LONGEST_LINE) {
          return MALFORMED;
        }
      }
    }
    return MORE;
  }

  /** Whether a line of a reply so far was the keyword PIPELINING (RFC 2920 section 2). */
  boolean announcedPipelining() {
    return pipelining;
  }

  /** Whether a line of a reply so far was the keyword STARTTLS (RFC 3207 section 4). */
  boolean announcedStartTls() {
    return startTls;
  }

  /** The last line, for people. */
  String text() {
    return new String(line, 0, Math.min(length, KEPT), StandardCharsets.ISO_8859_1)
        .replaceAll("[^ -~]", "?")
        .strip();
  }

  private int code() {
    if (length > 0 && length <= KEPT && line[length - 1] == '\r') {
      length--;
    }
    if (length < 3) {
      return MALFORMED;
    }
    int code = 0;
    for (int i = 0; i < 3; i++) {
      if (line[i] < '0' || line[i] > '9') {
        return MALFORMED;
      }
      code = code * 10 + line[i] - '0';
    }
    boolean separated = length == 3 || line[3] == ' ' || line[3] == '-';
    return code >= 200 && code < 600 && separated ? code : MALFORMED;
  }

  private boolean holds(byte[] keyword) {
    if (length != 4 + keyword.length) {
      return false;
    }
    for (int i = 0; i < keyword.length; i++) {
      if ((line[4 + i] & ~0x20) != keyword[i]) {
        return false;
      }
    }
    return true;
  }
}
