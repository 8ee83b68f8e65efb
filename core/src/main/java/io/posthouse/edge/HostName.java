package io.posthouse.edge;

/**
 * Whether a text is a host name (RFC 1123 section 2.1), the underscores of real life included:
 * nothing in it means anything to a log, a terminal or a protocol.
 */
public final class HostName {
  private static final int MAX = 253;
  private static final int MAX_LABEL = 63;

  private HostName() {}

  /** Whether it is one; without a dot at its end. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX) {
      return false;
    }
    int label = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' ? label == 0 : !isLetter(c)) {
        return false;
      }
      label = c == '.' ? 0 : label + 1;
      if (label > MAX_LABEL) {
        return false;
      }
    }
    return label > 0;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
