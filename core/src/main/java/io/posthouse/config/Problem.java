package io.posthouse.config;

import java.util.Comparator;

/**
 * One thing that is wrong, or doubtful, in a configuration file: where it stands, what was expected
 * and what to do.
 *
 * @param line from 1
 * @param column from 1
 * @param path the key it is about, such as {@code pools.hub.members.ex1.weight}; empty when it is
 *     about the text as such
 */
public record Problem(
    String file, int line, int column, String path, String message, Severity severity)
    implements Comparable<Problem> {

  private static final Comparator<Problem> BY_POSITION =
      Comparator.comparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::path)
          .thenComparing(Problem::message)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::file);

  /** Whether the file can be used in spite of it. */
  public enum Severity {
    /** The file is refused. */
    ERROR,
    /** The file is taken; somebody should look at it. */
    WARNING
  }

  /** Orders by position in the file. */
  @Override
  public int compareTo(Problem other) {
    return BY_POSITION.compare(this, other);
  }

  /** The line for people: {@code file:line:column: error: path: message}. */
  @Override
  public String toString() {
    String subject = path.isEmpty() ? "" : path + ": ";
    String kind = severity == Severity.ERROR ? "error" : "warning";
    return file + ":" + line + ":" + column + ": " + kind + ": " + subject + message;
  }
}
