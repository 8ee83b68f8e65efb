package io.posthouse.cli;

/** Keeps what a peer sent from steering the terminal it is shown on (CWE-150). */
final class Terminal {
  private Terminal() {}

  /** The text with controls and marks that turn the direction replaced. */
  static String safe(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          switch (Character.getType(c)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.SURROGATE,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR ->
                out.append(c < 0x20 ? (char) (0x2400 + c) : '\ufffd');
            default -> out.appendCodePoint(c);
          }
        });
    return out.toString();
  }
}
