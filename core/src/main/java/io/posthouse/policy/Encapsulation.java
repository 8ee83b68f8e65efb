package io.posthouse.policy;

import java.util.HexFormat;

/**
 * Addresses that Exchange has put into the local part of another one, and takes out again to send
 * there: {@code IMCEASMTP-user+40example+2Ecom} (MS-OXCMAIL section 2.1.3.1.8).
 */
final class Encapsulation {
  private static final String PREFIX = "IMCEA";

  private Encapsulation() {}

  /**
   * Whether a local part, without quotes, holds an address of SMTP, or one that may name another
   * destination. Others pass: answers to old mail within Exchange come to {@code IMCEAEX-_O=...}.
   */
  static boolean leadsElsewhere(String localPart) {
    String text = decoded(localPart);
    int dash = text.indexOf('-');
    if (dash < 0 || !text.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
      return false;
    }
    String address = text.substring(dash + 1);
    return text.regionMatches(true, PREFIX.length(), "SMTP-", 0, 5)
        || RelayGuard.hasTrick(address)
        || leadsElsewhere(address);
  }

  /** With each plus and two hexadecimal digits as the character that they stand for. */
  private static String decoded(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      boolean escape =
          each == '+'
              && i + 2 < text.length()
              && HexFormat.isHexDigit(text.charAt(i + 1))
              && HexFormat.isHexDigit(text.charAt(i + 2));
      if (escape) {
        plain.append((char) HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        plain.append(each);
      }
    }
    return plain.toString();
  }
}
