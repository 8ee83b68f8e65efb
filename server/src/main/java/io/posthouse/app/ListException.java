package io.posthouse.app;

import java.util.List;

/** List files that cannot be used; nothing was changed by the attempt. */
final class ListException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  ListException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** A line for each problem, with its remedy. */
  List<String> problems() {
    return problems;
  }
}
