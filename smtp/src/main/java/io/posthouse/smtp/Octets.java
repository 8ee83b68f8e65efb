package io.posthouse.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Classes of octets that the grammar of RFC 5321 section 4.1.2 is made of. */
final class Octets {
  private static final String ATOM_SIGNS = "!#$%&'*+-/=?^_`{|}~";

  private Octets() {}

  static boolean isControl(char c) {
    return c < ' ' || c == 0x7f;
  }

  static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isHexDigit(char c) {
    return isDigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
  }

  static boolean isLetterOrDigit(char c) {
    return isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  /** An octet of UTF-8 that is not ASCII. */
  static boolean isHigh(char c) {
    return c >= 0x80;
  }

  /** What an atom is made of (atext), octets of UTF-8 included (RFC 6531 section 3.3). */
  static boolean isAtom(char c) {
    return isLetterOrDigit(c) || isHigh(c) || ATOM_SIGNS.indexOf(c) >= 0;
  }

  /** Whether there is something, and all of it is printable ASCII other than the space. */
  static boolean isVisible(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** In upper case, as far as it is ASCII: no other letter becomes one of a keyword's. */
  static String upper(String text) {
    if (!hasLower(text)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
    }
    return out.toString();
  }

  private static boolean hasLower(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 'a' && text.charAt(i) <= 'z') {
        return true;
      }
    }
    return false;
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isHigh(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether these octets are well-formed UTF-8 without a control character. Decoded and encoded
   * again, anything else becomes different.
   */
  static boolean isUtf8(String text) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    String decoded = new String(octets, StandardCharsets.UTF_8);
    return Arrays.equals(octets, decoded.getBytes(StandardCharsets.UTF_8))
        && decoded.chars().noneMatch(Character::isISOControl);
  }
}
