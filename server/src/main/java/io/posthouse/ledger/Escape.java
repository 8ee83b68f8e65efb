package io.posthouse.ledger;

/**
 * Writes a value so that it can neither end its line nor its quotes, nor move a terminal's cursor
 * (CWE-117), in a form that JSON reads.
 */
final class Escape {
  /** Longer values are cut: a line stays a line. */
  private static final int MAX_CHARS = 2000;

  private Escape() {}

  /** Appends the value between quotes. */
  static void quoted(StringBuilder out, String value) {
    out.append('"');
    int end = Math.min(value.length(), MAX_CHARS);
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        out.append(c).append(value.charAt(++i));
      } else {
        character(out, c);
      }
    }
    if (end < value.length()) {
      out.append("...");
    }
    out.append('"');
  }

  /** Whether the value can stand without quotes in a line for people. */
  static boolean isPlain(String value) {
    if (value.isEmpty() || value.length() > 200) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=') {
        return false;
      }
    }
    return true;
  }

  private static void character(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\r' -> out.append("\\r");
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      default -> {
        if (isUnsafe(c)) {
          out.append("\\u").append(String.format("%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  /** Controls, line and paragraph separators, marks that turn the direction, half characters. */
  private static boolean isUnsafe(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
