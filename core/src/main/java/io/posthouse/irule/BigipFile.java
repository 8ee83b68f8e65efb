package io.posthouse.irule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a bigip.conf: of versions 9 and 10 ({@code rule NAME { }}), and of 11 and later
 * ({@code ltm rule /Common/NAME { }}).
 */
final class BigipFile {
  /** What a bare rule begins with. */
  private static final Set<String> RULE_WORDS = Set.of("when", "proc", "priority", "timing");

  private BigipFile() {}

  /** Whether the text is one rule, without a configuration around it. */
  static boolean isBareRule(List<TclCommand> top) {
    return top.isEmpty() || RULE_WORDS.contains(top.getFirst().name());
  }

  /** All objects that have a name and a body. */
  static List<BigipObject> objects(List<TclCommand> top) {
    List<BigipObject> objects = new ArrayList<>();
    for (TclCommand command : top) {
      BigipObject object = object(command);
      if (object != null) {
        objects.add(object);
      }
    }
    return objects;
  }

  private static @Nullable BigipObject object(TclCommand command) {
    List<String> words = new ArrayList<>();
    TclWord body = null;
    for (TclWord word : command.words()) {
      String literal = word.literal();
      if (word.braced()) {
        body = word;
        break;
      } else if (literal == null) {
        return null;
      }
      words.add(literal);
    }
    if (body == null || words.size() < 2) {
      return null;
    }
    String name = words.removeLast();
    if (words.getFirst().equals("ltm")) {
      words.removeFirst();
    }
    return new BigipObject(
        words.stream().collect(Collectors.joining(" ")), name, command.at(), body);
  }
}
