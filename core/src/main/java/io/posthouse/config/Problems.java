package io.posthouse.config;

import java.util.List;
import java.util.TreeSet;

/** The problems of one file as they are found; each is told once, and not more than can be read. */
final class Problems {
  /** A hostile file has a problem per octet; nobody reads more than this. */
  static final int MAX = 1000;

  private final String file;
  private final TreeSet<Problem> found = new TreeSet<>();
  private int errors;

  Problems(String file) {
    this.file = file;
  }

  void error(Place at, String path, String message) {
    add(at, path, message, Problem.Severity.ERROR);
  }

  void warning(Place at, String path, String message) {
    add(at, path, message, Problem.Severity.WARNING);
  }

  boolean hasErrors() {
    return errors > 0;
  }

  /** All of them in the order of the file. */
  List<Problem> inOrder() {
    return List.copyOf(found);
  }

  private void add(Place at, String path, String message, Problem.Severity severity) {
    Problem problem = new Problem(file, at.line(), at.column(), path, message, severity);
    boolean error = severity == Problem.Severity.ERROR;
    if (found.size() >= MAX && error && errors < MAX) {
      // An error never hides behind warnings.
      found.stream()
          .filter(other -> other.severity() == Problem.Severity.WARNING)
          .findFirst()
          .ifPresent(found::remove);
    }
    if (found.size() < MAX && found.add(problem) && error) {
      errors++;
    }
  }
}
