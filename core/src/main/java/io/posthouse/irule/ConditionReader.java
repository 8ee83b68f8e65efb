package io.posthouse.irule;

import io.posthouse.irule.Who.Source;
import io.posthouse.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions on the client's address. A list is taken to exist: Posthouse takes no
 * configuration without it.
 */
final class ConditionReader {
  private static final int DEEPEST = 32;
  private static final int MOST_TOKENS = 1_000;
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(&&|\\|\\||==|[()!]|\"([^\"]*)\"|\\{([^{}]*)\\}|[A-Za-z0-9_./:]+)");

  private final TclReader reader;

  /** Where each list is first asked whether it exists, and where it is first used. */
  private final Map<String, Integer> asked = new HashMap<>();

  private final Map<String, Integer> used = new HashMap<>();

  ConditionReader(TclReader reader) {
    this.reader = reader;
  }

  /** Whom a condition lets through. */
  Who read(TclWord condition) throws TclException, NotUnderstoodException {
    return new Expression(condition.at(), tokens(condition)).whole();
  }

  /**
   * The paths of the lists that are used, and where.
   *
   * @throws NotUnderstoodException when one is only asked whether it exists: nothing in the result
   *     would need it
   */
  Map<String, Integer> lists() throws NotUnderstoodException {
    for (Map.Entry<String, Integer> each : asked.entrySet()) {
      if (!used.containsKey(each.getKey())) {
        throw new NotUnderstoodException(
            each.getValue(), "the list is asked whether it exists, and never used");
      }
    }
    return used;
  }

  /** A piece of an expression: a command, or text as it is compared. */
  private record Token(int at, String text, boolean quoted, @Nullable TclCommand command) {
    boolean is(String... words) {
      return command == null && !quoted && List.of(words).contains(text);
    }
  }

  private List<Token> tokens(TclWord condition) throws TclException, NotUnderstoodException {
    List<Token> tokens = new ArrayList<>();
    for (TclPart part : reader.expression(condition)) {
      switch (part) {
        case TclPart.Text text -> tokens(text, tokens);
        case TclPart.Variable variable ->
            throw new NotUnderstoodException(variable.at(), "the condition depends on a variable");
        case TclPart.Script script -> {
          if (script.commands().size() != 1) {
            throw new NotUnderstoodException(script.at(), "these are several commands");
          }
          tokens.add(new Token(script.at(), "", false, script.commands().getFirst()));
        }
      }
    }
    return tokens;
  }

  private static void tokens(TclPart.Text part, List<Token> tokens) throws NotUnderstoodException {
    String text = part.text().stripTrailing();
    Matcher next = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!next.region(at, text.length()).lookingAt()) {
        throw new NotUnderstoodException(part.at() + at, "this part of the condition is not known");
      }
      String inner = next.group(2) != null ? next.group(2) : next.group(3);
      String token = inner != null ? inner : next.group(1);
      tokens.add(new Token(part.at() + next.start(1), token, inner != null, null));
      at = next.end();
      if (tokens.size() > MOST_TOKENS) {
        throw new NotUnderstoodException(part.at(), "the condition is too long");
      }
    }
  }

  /** What is left of an expression, read from left to right; as in Tcl, && binds closer. */
  private final class Expression {
    private final int begin;
    private final List<Token> tokens;
    private int next;

    Expression(int begin, List<Token> tokens) {
      this.begin = begin;
      this.tokens = tokens;
    }

    Who whole() throws NotUnderstoodException {
      Who who = either(0);
      if (next < tokens.size()) {
        throw unknown();
      }
      return who;
    }

    private Who either(int depth) throws NotUnderstoodException {
      Who who = both(depth);
      while (comes("||", "or")) {
        who = known(who.or(both(depth)));
      }
      return who;
    }

    private Who both(int depth) throws NotUnderstoodException {
      Who who = one(depth, true);
      while (comes("&&", "and")) {
        who = known(who.and(one(depth, true)));
      }
      return who;
    }

    private Who one(int depth, boolean compares) throws NotUnderstoodException {
      if (depth > DEEPEST || next >= tokens.size()) {
        throw unknown();
      } else if (comes("!", "not")) {
        return one(depth + 1, false).not();
      } else if (comes("(")) {
        Who who = either(depth + 1);
        if (!comes(")")) {
          throw unknown();
        }
        return who;
      }
      Token token = tokens.get(next);
      TclCommand command = token.command();
      if (command == null) {
        throw unknown();
      }
      next++;
      return compared(command, compares);
    }

    private Who compared(TclCommand command, boolean compares) throws NotUnderstoodException {
      if (ListUse.isClientCommand(command)) {
        boolean equal = compares && comes("equals", "eq", "==") && next < tokens.size();
        String text = equal ? tokens.get(next++).text() : "";
        if (!IpAddress.isIpv4(text)) {
          throw unknown();
        }
        return Who.in(new Source(false, text));
      }
      Who who = test(command);
      if (compares && command.is("class") && comes("==")) {
        if (comes("0")) {
          return who.not();
        } else if (!comes("1")) {
          throw unknown();
        }
      }
      return who;
    }

    private boolean comes(String... words) {
      boolean comes = next < tokens.size() && tokens.get(next).is(words);
      next += comes ? 1 : 0;
      return comes;
    }

    private Who known(@Nullable Who who) throws NotUnderstoodException {
      if (who == null) {
        throw new NotUnderstoodException(
            begin,
            "clients that are in one list and also in, or not in, another one are no client class");
      }
      return who;
    }

    private NotUnderstoodException unknown() {
      int at = next < tokens.size() ? tokens.get(next).at() : begin;
      return new NotUnderstoodException(
          at,
          "only conditions on the client's address are understood, by a list, a network or an address");
    }
  }

  /** What a command in brackets tests. */
  private Who test(TclCommand command) throws NotUnderstoodException {
    ListUse use = ListUse.of(command);
    if (use != null) {
      String name = path(use);
      if (use.kind() == ListUse.Kind.EXISTS) {
        asked.putIfAbsent(name, use.list().at());
        return Who.EVERYBODY;
      } else if (use.plain() && use.ofClient()) {
        used.putIfAbsent(name, use.list().at());
        return Who.in(new Source(true, name));
      }
    } else if (command.is("IP::addr") && command.words().size() == 4) {
      String text = command.argument(3);
      String network = text == null ? "" : BigipNamesReader.network(text);
      boolean client = ListUse.isClient(command.words().get(1));
      if (client && "equals".equals(command.argument(2)) && !network.isEmpty()) {
        return Who.in(new Source(false, network));
      }
    }
    throw new NotUnderstoodException(
        command.at(),
        "the condition asks something other than whether the client's address is in a list");
  }

  private static String path(ListUse use) throws NotUnderstoodException {
    String name = use.name();
    if (name == null) {
      throw new NotUnderstoodException(use.list().at(), "the list is named at run time");
    }
    return BigipObject.path(name);
  }
}
