package io.posthouse.irule;

import java.util.List;

/** A rule as configuration of Posthouse, or why it is none. */
public sealed interface Conversion {
  /**
   * It does the same as the rule, and lets in nobody else.
   *
   * @param lines YAML, with comments on what is left to do
   */
  record Same(List<String> lines) implements Conversion {
    /** Copies the lines. */
    public Same {
      lines = List.copyOf(lines);
    }
  }

  /** Nothing is printed: what is not understood might make the result laxer. */
  record None(Position at, String why) implements Conversion {}
}
