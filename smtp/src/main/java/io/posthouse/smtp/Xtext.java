package io.posthouse.smtp;

/** The encoding of DSN parameters: {@code +} and two hexadecimal digits (RFC 3461 section 4). */
final class Xtext {
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
