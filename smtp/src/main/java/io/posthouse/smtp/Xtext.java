package io.posthouse.smtp;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The encoding of DSN parameters: {@code +} and two hexadecimal digits (RFC 3461 section 4). */
final class Xtext {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Xtext() {}

  /**
   * Whether it is well written and hides no control character. Lower case digits are taken too.
   *
   * @param utf8 whether octets of UTF-8 may stand in it (RFC 6533 section 3)
   */
  static boolean isValid(String text, boolean utf8) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+') {
        if (!isPrintableHex(text, i + 1)) {
          return false;
        }
        i += 2;
      } else if (c <= ' ' || c == '=' || c == 0x7f || (Octets.isHigh(c) && !utf8)) {
        return false;
      }
    }
    return !utf8 || Octets.isUtf8(text);
  }

  /** In xtext: what is not visible ASCII, and {@code +} and {@code =}, become hexadecimal. */
  static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if (c <= ' ' || c >= 0x7f || c == '+' || c == '=') {
        out.append('+').append(HEX.toHexDigits(octet));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** What it stands for; null when it is badly written, or not made of visible ASCII alone. */
  static @Nullable String decode(String text) {
    if (!isValid(text, false)) {
      return null;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+') {
        c = (char) Integer.parseInt(text, i + 1, i + 3, 16);
        i += 2;
      }
      out.append(c);
    }
    return Octets.isVisible(out.toString()) ? out.toString() : null;
  }

  private static boolean isPrintableHex(String text, int at) {
    if (at + 2 > text.length()
        || !Octets.isHexDigit(text.charAt(at))
        || !Octets.isHexDigit(text.charAt(at + 1))) {
      return false;
    }
    int octet = Integer.parseInt(text, at, at + 2, 16);
    return octet >= ' ' && octet < 0x7f;
  }
}
