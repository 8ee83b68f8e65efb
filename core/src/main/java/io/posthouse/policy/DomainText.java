package io.posthouse.policy;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one form in which domains are compared: A-labels in lower case. */
public final class DomainText {
  private static final int LONGEST = 253;
  private static final int LONGEST_LABEL = 63;

  private DomainText() {}

  /** That form of a domain in A-labels or U-labels; null for what is no domain. */
  public static @Nullable String folded(String domain) {
    if (domain.length() > LONGEST) {
      return null;
    }
    String ascii = isAscii(domain) ? domain.toLowerCase(Locale.ROOT) : toAscii(domain);
    return ascii != null && isDomain(ascii) ? ascii : null;
  }

  /** Whether a text has nothing but ASCII. */
  public static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /**
   * By IDNA 2003, which is what Java has; whatever IDNA 2008 reads in another way (RFC 5894 section
   * 7.2) is no domain here, so that it is never taken for a different one.
   */
  private static @Nullable String toAscii(String domain) {
    for (char differing : new char[] {'ß', 'ς', '\u200c', '\u200d', 'ẞ'}) {
      if (domain.indexOf(differing) >= 0) {
        return null;
      }
    }
    try {
      return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException noDomain) {
      return null;
    }
  }

  /** Letters, digits, hyphens and underscores in labels; not an address. */
  private static boolean isDomain(String text) {
    int label = 0;
    boolean letters = false;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '.') {
        if (label == 0) {
          return false;
        }
        label = 0;
      } else if ((each < 'a' || each > 'z')
          && (each < '0' || each > '9')
          && each != '-'
          && each != '_') {
        return false;
      } else {
        label++;
        letters |= each > '9' || each == '-';
      }
      if (label > LONGEST_LABEL) {
        return false;
      }
    }
    return label > 0 && letters && text.length() <= LONGEST;
  }
}
