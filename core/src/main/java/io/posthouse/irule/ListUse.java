package io.posthouse.irule;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command that names a data group.
 *
 * @param list the word that names it
 * @param item what is looked for in it; null when nothing is
 * @param plain whether it does no more than look an address up and say whether it is there
 */
record ListUse(TclCommand command, Kind kind, TclWord list, @Nullable TclWord item, boolean plain) {
  private static final Set<String> BY_LAST = Set.of("match", "lookup", "element");
  private static final Set<String> BY_FIRST =
      Set.of(
          "exists",
          "search",
          "type",
          "size",
          "names",
          "get",
          "startsearch",
          "nextelement",
          "anymore",
          "donesearch");

  /** What is asked of the list. */
  enum Kind {
    EXISTS,
    OTHER
  }

  /** Null for a command that names none. */
  static @Nullable ListUse of(TclCommand command) {
    List<TclWord> words = command.words();
    if (command.is("matchclass") && words.size() == 4) {
      boolean turned = words.get(3).command() != null;
      TclWord item = words.get(turned ? 3 : 1);
      return new ListUse(
          command, Kind.OTHER, words.get(turned ? 1 : 3), item, words.get(2).is("equals"));
    } else if (command.is("findclass") && words.size() >= 3) {
      return new ListUse(command, Kind.OTHER, words.get(2), words.get(1), false);
    } else if (!command.is("class") || words.size() < 3) {
      return null;
    }
    String asked = command.argument(1);
    List<TclWord> given = words.subList(2, words.size()).stream().filter(w -> !option(w)).toList();
    if (asked == null || given.isEmpty()) {
      return null;
    } else if (BY_LAST.contains(asked)) {
      boolean match = asked.equals("match") && given.size() == 3;
      boolean plain = match && words.size() == 5 && given.get(1).is("equals");
      return new ListUse(
          command, Kind.OTHER, given.getLast(), match ? given.getFirst() : null, plain);
    } else if (BY_FIRST.contains(asked)) {
      Kind kind = asked.equals("exists") ? Kind.EXISTS : Kind.OTHER;
      return new ListUse(command, kind, given.getFirst(), null, false);
    }
    return null;
  }

  private static boolean option(TclWord word) {
    String literal = word.literal();
    return literal != null && literal.startsWith("-");
  }

  /** The list's name as it is written; null when it is known at run time only. */
  @Nullable String written() {
    TclPart.Variable variable = list.variable();
    return variable != null && variable.global() ? "$" + variable.name() : list.literal();
  }

  /** The same without {@code $::} and {@code ::}, as versions before 9.4.4 had them in front. */
  @Nullable String name() {
    String written = written();
    return written == null ? null : written.replaceFirst("^\\$?::", "");
  }

  /** Whether the client's own address is looked for. */
  boolean ofClient() {
    return item != null && isClient(item);
  }

  /** Whether a word is the address of the client. */
  static boolean isClient(TclWord word) {
    TclCommand command = word.command();
    return command != null && isClientCommand(command);
  }

  /** The same of what stands in the brackets. */
  static boolean isClientCommand(TclCommand command) {
    return command.words().size() == 1
        && (command.is("IP::client_addr") || command.is("IP::remote_addr"));
  }
}
