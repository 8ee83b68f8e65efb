package io.posthouse.irule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code switch}: a value and what is done for each of its patterns.
 *
 * @param options such as {@code -glob}
 */
record Switch(List<String> options, TclWord value, List<Case> cases) {
  /** A pattern and its body; a body {@code -} is that of the next one. */
  record Case(TclWord pattern, TclWord body) {}

  /** Reads it; null when it is none that Tcl would take. */
  static @Nullable Switch of(TclReader reader, TclCommand command) throws TclException {
    List<TclWord> words = command.words();
    List<String> options = new ArrayList<>();
    int at = 1;
    for (; at < words.size(); at++) {
      String option = words.get(at).literal();
      if (option == null || !option.startsWith("-")) {
        break;
      }
      options.add(option);
      if (option.equals("--")) {
        at++;
        break;
      }
    }
    if (at + 1 >= words.size()) {
      return null;
    }
    TclWord value = words.get(at);
    List<TclWord> rest = words.subList(at + 1, words.size());
    if (rest.size() == 1 && rest.getFirst().braced()) {
      rest = reader.body(rest.getFirst()).stream().flatMap(each -> each.words().stream()).toList();
    }
    if (rest.size() % 2 != 0) {
      return null;
    }
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < rest.size(); i += 2) {
      cases.add(new Case(rest.get(i), rest.get(i + 1)));
    }
    return new Switch(List.copyOf(options), value, List.copyOf(cases));
  }
}
