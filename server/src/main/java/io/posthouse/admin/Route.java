package io.posthouse.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of the API: a method, a path with names in braces, and what happens.
 *
 * @param open whether it is answered without a token
 */
record Route(String method, String template, boolean open, Action action) {

  /** What a request does; may block. */
  @FunctionalInterface
  interface Action {
    /**
     * Answers.
     *
     * @param request all of it
     * @param names the values of the names in braces, in their order
     */
    Answer answer(Request request, List<String> names);
  }

  /** The values of the names in braces if the path fits; segments are decoded already. */
  Optional<List<String>> match(List<String> segments) {
    List<String> expected = List.of(template.substring(1).split("/", -1));
    if (expected.size() != segments.size()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i).startsWith("{")) {
        names.add(segments.get(i));
      } else if (!expected.get(i).equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }
}
