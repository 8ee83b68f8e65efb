package io.posthouse.smtp;

/** Text of a peer made fit for one line that people read: no control characters, bounded. */
public final class Printable {
  private Printable() {}

  /**
   * The text with every control character, line separator and octet over 126 as {@code \xNN}, cut
   * to at most {@code maxLength} characters with {@code ...} at the end.
   */
  public static String line(String text, int maxLength) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), maxLength) + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String one = c >= ' ' && c < 127 ? String.valueOf(c) : escape(c);
      boolean last = i == text.length() - 1;
      if (out.length() + one.length() > maxLength - (last ? 0 : 3)) {
        return out.append("...").substring(0, Math.min(out.length(), maxLength));
      }
      out.append(one);
    }
    return out.toString();
  }

  private static String escape(char c) {
    return c < 256 ? String.format("\\x%02x", (int) c) : String.format("\\u%04x", (int) c);
  }
}
