package io.posthouse.irule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What variables of a rule are set to, anywhere in it. */
final class Values implements Look {
  /** Commands that write variables; each names them in words of their own. */
  private static final Set<String> WRITERS =
      Set.of(
          "set", "append", "lappend", "scan", "regexp", "regsub", "binary", "lassign", "foreach");

  /** What {@code string} answers with a number. */
  private static final Set<String> NUMBERS =
      Set.of("length", "bytelength", "first", "last", "match", "equal", "compare", "is");

  private final Map<String, Set<String>> texts = new HashMap<>();
  private final Set<String> computed = new HashSet<>();
  private final Set<String> payloads = new HashSet<>();

  @Override
  public void command(TclCommand command) {
    if (WRITERS.contains(command.name())
        && command.arguments().stream().anyMatch(word -> hasPayload(word.parts()))) {
      said(command);
    }
    String name = command.argument(1);
    if (name == null || command.words().size() < 3) {
      return;
    }
    TclWord value = command.words().get(2);
    String text = value.literal();
    if (command.is("set") && text != null) {
      texts.computeIfAbsent(plain(name), key -> new LinkedHashSet<>()).add(text);
    } else {
      // Whatever writes a variable names it first: append, lappend, incr, scan, regexp.
      computed.add(plain(name));
    }
  }

  /** Each text where names stand may be that of a variable that gets what the client sent. */
  private void said(TclCommand command) {
    List<TclWord> words = command.arguments();
    List<TclWord> named =
        switch (command.name()) {
          case "set", "append", "lappend" -> words.subList(0, 1);
          case "foreach" -> words.subList(0, words.size() - 1);
          default -> words;
        };
    for (TclWord word : named) {
      String text = word.literal();
      for (String name : text == null ? new String[0] : text.strip().split("\\s+", 20)) {
        payloads.add(plain(name));
      }
    }
  }

  /** All that a variable can be; null when some of it is known at run time only. */
  @Nullable Set<String> of(String variable) {
    return computed.contains(plain(variable)) ? null : texts.get(plain(variable));
  }

  /** Whether what the client sent is in it, straight or in a variable. */
  boolean hasPayload(List<TclPart> parts) {
    return parts.stream()
        .anyMatch(part ->
            switch (part) {
              case TclPart.Text _ -> false;
              case TclPart.Variable variable -> payloads.contains(plain(variable.name()));
              case TclPart.Script script -> script.commands().stream().anyMatch(this::givesPayload);
            });
  }

  private boolean givesPayload(TclCommand command) {
    if (command.is("TCP::payload")) {
      return !"length".equals(command.argument(1));
    }
    return !counts(command) && command.words().stream().anyMatch(word -> hasPayload(word.parts()));
  }

  /** Whether it answers with a number, whatever it is given. */
  private static boolean counts(TclCommand command) {
    String asked = command.argument(1);
    return switch (command.name()) {
      case "string" -> asked != null && NUMBERS.contains(asked);
      case "class" -> "match".equals(asked) && command.words().size() == 5;
      case "regexp" -> !"-inline".equals(asked);
      case "llength", "matchclass" -> true;
      default -> false;
    };
  }

  private static String plain(String name) {
    return name.startsWith("::") ? name.substring(2) : name;
  }
}
