package io.posthouse.net;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A walk through DER (ITU-T X.690): just enough for keys and OCSP responses.
 *
 * <p>Whatever does not fit is an IllegalArgumentException.
 */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTETS = 0x04;
  static final int OBJECT = 0x06;
  static final int ENUMERATED = 0x0a;
  static final int TIME = 0x18;
  static final int SEQUENCE = 0x30;

  private final byte[] bytes;
  private final int end;
  private int at;

  private Der(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  static Der of(byte[] bytes) {
    return new Der(bytes, 0, bytes.length);
  }

  /** The tag of the next element; -1 at the end. */
  int tag() {
    return at < end ? bytes[at] & 0xff : -1;
  }

  /** Steps into the next element, which has this tag, and over it. */
  Der into(int tag) {
    if (tag() != tag) {
      throw new IllegalArgumentException("not the structure that was expected");
    }
    return next();
  }

  /** The octets of the next element, which has this tag; steps over it. */
  byte[] octets(int tag) {
    Der inside = into(tag);
    return Arrays.copyOfRange(bytes, inside.at, inside.end);
  }

  /** Steps over the next element. */
  Der skip() {
    next();
    return this;
  }

  /** Steps over the next element if it has this tag. */
  Der skip(int tag) {
    return tag() == tag ? skip() : this;
  }

  private Der next() {
    int length = octet(at + 1);
    int from = at + 2;
    if (length > 0x80 && length <= 0x83) {
      int octets = length & 0x7f;
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << 8) | octet(from++);
      }
    }
    if ((length >= 0x80 && from == at + 2) || length > end - from) {
      throw new IllegalArgumentException("cut short");
    }
    at = from + length;
    return new Der(bytes, from, at);
  }

  private int octet(int index) {
    if (index >= end) {
      throw new IllegalArgumentException("cut short");
    }
    return bytes[index] & 0xff;
  }

  /** An element of these parts, which have less than 64 KiB together. */
  static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
    } else {
      out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
