package io.posthouse.irule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A word of a command.
 *
 * @param from where what is between its braces or quotes begins; of a bare word, itself
 * @param to behind the last character of that
 * @param braced whether it stands in braces, so that nothing in it is replaced yet
 * @param parts what it is made of; of a braced word its text alone
 */
record TclWord(int from, int to, boolean braced, List<TclPart> parts) {
  /** Where it stands for people: behind the brace or quote that begins it. */
  int at() {
    return from;
  }

  /** The text that it always has; null when that depends on what happens at run time. */
  @Nullable String literal() {
    StringBuilder text = new StringBuilder();
    for (TclPart part : parts) {
      if (!(part instanceof TclPart.Text plain)) {
        return null;
      }
      text.append(plain.text());
    }
    return text.toString();
  }

  boolean is(String text) {
    return text.equals(literal());
  }

  /** The variable that it is, and nothing else; null when it is not. */
  TclPart.@Nullable Variable variable() {
    return parts.size() == 1 && parts.getFirst() instanceof TclPart.Variable variable
        ? variable
        : null;
  }

  /** The single command that it is replaced by the result of; null when it is not. */
  @Nullable TclCommand command() {
    return parts.size() == 1
            && parts.getFirst() instanceof TclPart.Script script
            && script.commands().size() == 1
        ? script.commands().getFirst()
        : null;
  }
}
