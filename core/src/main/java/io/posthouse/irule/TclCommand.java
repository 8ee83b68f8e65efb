package io.posthouse.irule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command: a name and its arguments; at least one word. */
record TclCommand(List<TclWord> words) {
  int at() {
    return words.getFirst().at();
  }

  /** Empty when it is known at run time only. */
  String name() {
    String literal = words.getFirst().literal();
    return literal == null ? "" : literal.startsWith("::") ? literal.substring(2) : literal;
  }

  boolean is(String name) {
    return name().equals(name);
  }

  /** The text of a word, from 1 for the first argument; null when there is none, or no text. */
  @Nullable String argument(int index) {
    return index < words.size() ? words.get(index).literal() : null;
  }

  /** Without its name. */
  List<TclWord> arguments() {
    return words.subList(1, words.size());
  }
}
