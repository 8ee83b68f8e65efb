package io.posthouse.irule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@code if} with its {@code elseif} and {@code else}, in their order. */
record If(List<Branch> branches) {
  /** A condition and its body; the condition of {@code else} is null. */
  record Branch(@Nullable TclWord condition, TclWord body) {}

  /** Reads it; null when it is none that Tcl would take. */
  static @Nullable If of(TclCommand command) {
    List<TclWord> words = command.words();
    List<Branch> branches = new ArrayList<>();
    int at = 1;
    while (true) {
      int body = at + 1 < words.size() && word(words.get(at + 1), "then") ? at + 2 : at + 1;
      if (body >= words.size()) {
        return null;
      }
      branches.add(new Branch(words.get(at), words.get(body)));
      at = body + 1;
      if (at == words.size()) {
        return new If(List.copyOf(branches));
      } else if (!word(words.get(at), "elseif")) {
        break;
      }
      at++;
    }
    at += word(words.get(at), "else") ? 1 : 0;
    if (at != words.size() - 1) {
      return null;
    }
    branches.add(new Branch(null, words.get(at)));
    return new If(List.copyOf(branches));
  }

  private static boolean word(TclWord word, String text) {
    return !word.braced() && word.is(text);
  }
}
