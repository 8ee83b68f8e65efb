package io.posthouse.proxyprotocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one header, octet by octet, whichever version it is of, and refuses at the first octet that
 * cannot be of a header that is taken: whoever speaks something else is not waited for.
 *
 * <p>A header is kept until it is whole: at most {@value ProxyHeader#MAX_V1} octets of version 1,
 * {@value #MAX_V2} of version 2. Of the facts of version 2 only their bounds and the check sum are
 * looked at.
 */
public final class HeaderReader {
  /** The longest header of version 2 that is taken. */
  public static final int MAX_V2 = ProxyHeader.PREFACE + 2048;

  private static final byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final int TLS_HANDSHAKE = 0x16;

  private byte[] octets = new byte[ProxyHeader.MAX_V1];
  private int count;

  /** Takes the next octet; null while the header is not whole. */
  public @Nullable HeaderVerdict accept(byte octet) {
    octets[count++] = octet;
    return octets[0] == ProxyHeader.SIGNATURE[0] ? ofVersion2(octet) : ofVersion1(octet);
  }

  private @Nullable HeaderVerdict ofVersion1(byte octet) {
    if (count <= WORD.length) {
      return octet == WORD[count - 1] ? null : noHeader();
    }
    if (octets[count - 2] == '\r') {
      return octet == '\n'
          ? VersionOne.read(new String(octets, 0, count - 2, StandardCharsets.ISO_8859_1))
          : refused("a carriage return within the header");
    }
    if (octet == '\n') {
      return refused("a line feed without a carriage return");
    }
    return count == ProxyHeader.MAX_V1
        ? refused("longer than " + ProxyHeader.MAX_V1 + " octets")
        : null;
  }

  private @Nullable HeaderVerdict ofVersion2(byte octet) {
    if (count <= ProxyHeader.SIGNATURE.length) {
      return octet == ProxyHeader.SIGNATURE[count - 1] ? null : noHeader();
    }
    if (count < ProxyHeader.PREFACE) {
      return count == ProxyHeader.PREFACE - 1 ? null : VersionTwo.refusal(octets, count);
    }
    int length = ProxyHeader.PREFACE + VersionTwo.length(octets);
    if (count == ProxyHeader.PREFACE) {
      if (length > MAX_V2) {
        return refused("longer than " + MAX_V2 + " octets");
      }
      octets = Arrays.copyOf(octets, length);
    }
    return count == length ? VersionTwo.read(octets) : null;
  }

  private HeaderVerdict noHeader() {
    return refused(octets[0] == TLS_HANDSHAKE ? "TLS and no header before it" : "no header");
  }

  static HeaderVerdict refused(String reason) {
    return new HeaderVerdict.Refused(reason);
  }
}
