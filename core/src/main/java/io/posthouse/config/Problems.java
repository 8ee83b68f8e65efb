package io.posthouse.config;

import java.util.List;
import java.util.TreeSet;

/** The problems of one file as they are found; each is told once, and not more than can be read. */
final class Problems {
  /** A hostile file has a problem per octet; nobody reads more than this. */
  static final int MAX = 1000;

  private final String file;
  private final TreeSet<Problem> found = new TreeSet<>();
  private boolean errors;

  Problems(String file) {
    this.file = file;
  }

  void error(Place at, String path, String message) {
    errors = true;
    add(at, path, message, Problem.Severity.ERROR);
  }

  void warning(Place at, String path, String message) {
    add(at, path, message, Problem.Severity.WARNING);
  }

  boolean hasErrors() {
    return errors;
  }

  /** All of them in the order of the file. */
  List<Problem> inOrder() {
    return List.copyOf(found);
  }

  private void add(Place at, String path, String message, Problem.Severity severity) {
    Problem problem = new Problem(file, at.line(), at.column(), path, message, severity);
    if (found.size() < MAX || found.contains(problem)) {
      found.add(problem);
    } else if (severity == Problem.Severity.ERROR) {
      makeRoomForError(problem);
    }
  }

  /** An error never hides behind warnings. */
  private void makeRoomForError(Problem problem) {
    for (Problem other : found) {
      if (other.severity() == Problem.Severity.WARNING) {
        found.remove(other);
        found.add(problem);
        return;
      }
    }
  }
}
