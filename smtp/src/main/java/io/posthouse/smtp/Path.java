package io.posthouse.smtp;

import java.util.Locale;

/**
 * A reverse or forward path without its angle brackets (RFC 5321 section 4.1.2), as it was written.
 *
 * @param text empty for the null reverse path
 */
public record Path(String text) {
  /** The null reverse path of bounces. */
  public static final Path NULL = new Path("");

  /** Whether it is the null reverse path. */
  public boolean isNull() {
    return text.isEmpty();
  }

  /** What stands after the last at sign, in lower case; empty when there is none. */
  public String domain() {
    int at = text.lastIndexOf('@');
    return at < 0 ? "" : text.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  /** Whether every octet is ASCII. */
  public boolean isAscii() {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
