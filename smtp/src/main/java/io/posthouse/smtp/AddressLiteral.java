package io.posthouse.smtp;

/**
 * Address literals (RFC 5321 section 4.1.3). The general ones of that section are refused: nobody
 * has ever registered a tag but IPv6.
 */
final class AddressLiteral {
  private static final String IPV6 = "IPV6:";

  /** Eight groups of four digits and seven colons, or the last two groups as IPv4. */
  private static final int LONGEST_IPV6 = 45;

  private static final int GROUPS = 8;
  private static final int NONE = -1;

  private AddressLiteral() {}

  /** Whether what stands between the square brackets is an address. */
  static boolean isValid(String text) {
    return Octets.upper(text).startsWith(IPV6)
        ? isIpv6(text.substring(IPV6.length()))
        : isIpv4(text);
  }

  private static boolean isIpv4(String text) {
    String[] numbers = text.split("\\.", 5);
    if (numbers.length != 4) {
      return false;
    }
    for (String number : numbers) {
      boolean digits = number.chars().allMatch(c -> Octets.isDigit((char) c));
      if (!digits || number.isEmpty() || number.length() > 3 || Integer.parseInt(number) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIpv6(String text) {
    if (text.length() > LONGEST_IPV6) {
      return false;
    }
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true) == GROUPS;
    }
    int before = groups(text.substring(0, gap), false);
    int after = groups(text.substring(gap + 2), true);
    return before != NONE && after != NONE && before + after < GROUPS;
  }

  /** How many groups of 16 bits stand here; {@link #NONE} when it is something else. */
  private static int groups(String text, boolean mayEndInIpv4) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] words = text.split(":", -1);
    int groups = 0;
    for (int i = 0; i < words.length; i++) {
      boolean last = i == words.length - 1;
      if (last && mayEndInIpv4 && isIpv4(words[i])) {
        groups += 2;
      } else if (isGroup(words[i])) {
        groups++;
      } else {
        return NONE;
      }
    }
    return groups;
  }

  private static boolean isGroup(String word) {
    return !word.isEmpty()
        && word.length() <= 4
        && word.chars().allMatch(c -> Octets.isHexDigit((char) c));
  }
}
