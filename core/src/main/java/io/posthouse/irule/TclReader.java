package io.posthouse.irule;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads Tcl: commands, words, what is replaced in them. Bodies in braces are read when somebody
 * asks for them, from the same text, so every place is one in the file.
 *
 * <p>The rules are those of Tcl's manual page "Tcl", without what no iRule has (octal and
 * hexadecimal escapes stay as they are), and with what BIG-IP takes beside them: a command goes on
 * in the next line where that begins with a brace, and an {@code if} where it begins with {@code
 * else}; a word may begin right behind a closing brace or quote.
 */
final class TclReader {
  static final int DEEPEST = 64;
  static final int MOST_WORDS = 400_000;

  private final String text;
  private int words;

  TclReader(String text) {
    this.text = text;
  }

  /** The commands of a part of the text. */
  List<TclCommand> script(int from, int to) throws TclException {
    return new Cursor(from, to).script(false, 0);
  }

  /** The commands in a word that is a body. */
  List<TclCommand> body(TclWord word) throws TclException {
    return script(word.from(), word.to());
  }

  /** What is replaced in a word when it is an expression. */
  List<TclPart> expression(TclWord word) throws TclException {
    return word.braced() ? new Cursor(word.from(), word.to()).rest() : word.parts();
  }

  /** A walk over the text from left to right. */
  private final class Cursor {
    private final int end;
    private int at;

    Cursor(int from, int end) {
      this.at = from;
      this.end = end;
    }

    List<TclCommand> script(boolean bracketed, int depth) throws TclException {
      if (depth > DEEPEST) {
        throw new TclException(at, "is nested deeper than " + DEEPEST + " levels");
      }
      int begin = at;
      List<TclCommand> commands = new ArrayList<>();
      while (true) {
        skipBetweenCommands();
        if (at >= end) {
          if (bracketed) {
            throw new TclException(begin - 1, "has a [ that is never closed");
          }
          return commands;
        } else if (bracketed && text.charAt(at) == ']') {
          at++;
          return commands;
        } else if (text.charAt(at) == '#') {
          skipComment();
        } else {
          commands.add(command(bracketed, depth));
        }
      }
    }

    private TclCommand command(boolean bracketed, int depth) throws TclException {
      List<TclWord> found = new ArrayList<>();
      while (true) {
        skipBlanks();
        boolean choice = !found.isEmpty() && found.getFirst().is("if");
        if (at < end && text.charAt(at) == '\n' && goesOn(choice)) {
          at++;
          skipBlanks();
        }
        if (at >= end || isEnd(text.charAt(at), bracketed)) {
          return new TclCommand(found);
        } else if (choice && (text.startsWith("else{", at) || text.startsWith("elseif{", at))) {
          throw new TclException(at, "has else and { in one word; a space is missing");
        }
        if (++words > MOST_WORDS) {
          throw new TclException(at, "has more than " + MOST_WORDS + " words");
        }
        found.add(word(bracketed, depth));
      }
    }

    /** Whether the next line belongs to the command; an empty line always ends it. */
    private boolean goesOn(boolean choice) {
      int next = at + 1;
      while (next < end && isSpace(text.charAt(next))) {
        next++;
      }
      return next < end && (text.charAt(next) == '{' || (choice && text.startsWith("else", next)));
    }

    private TclWord word(boolean bracketed, int depth) throws TclException {
      char first = text.charAt(at);
      if (first == '{' && !expands()) {
        return braced();
      } else if (first == '"') {
        return quoted(depth);
      }
      int from = at;
      List<TclPart> parts = new ArrayList<>();
      while (at < end && !isBlank(at) && !isEnd(text.charAt(at), bracketed)) {
        part(parts, depth, c -> isSpace(c) || isEnd(c, bracketed));
      }
      return new TclWord(from, at, false, parts);
    }

    /** {@code {*}word}, which may be any number of words: never a body, and no literal. */
    private boolean expands() {
      return text.startsWith("{*}", at) && at + 3 < end && !isBlank(at + 3);
    }

    private TclWord braced() throws TclException {
      int from = at + 1;
      int depth = 0;
      for (; at < end; at++) {
        char c = text.charAt(at);
        if (c == '\\') {
          at++;
        } else if (c == '{') {
          depth++;
        } else if (c == '}' && --depth == 0) {
          int to = at++;
          endOfWord();
          TclPart all = new TclPart.Text(from, text.substring(from, to));
          return new TclWord(from, to, true, List.of(all));
        }
      }
      throw new TclException(
          from - 1, "has a { that is never closed; braces in comments and quotes count, too");
    }

    private TclWord quoted(int depth) throws TclException {
      int from = ++at;
      List<TclPart> parts = new ArrayList<>();
      while (at < end) {
        if (text.charAt(at) == '"') {
          int to = at++;
          endOfWord();
          if (parts.isEmpty()) {
            parts.add(new TclPart.Text(from, ""));
          }
          return new TclWord(from, to, false, parts);
        }
        part(parts, depth, c -> c == '"');
      }
      throw new TclException(from - 1, "has a \" that is never closed");
    }

    private void endOfWord() throws TclException {
      if (at < end && text.charAt(at) == '}') {
        throw new TclException(at, "has a } that nothing opens");
      }
    }

    /** All that is left, as in quotes. */
    List<TclPart> rest() throws TclException {
      List<TclPart> parts = new ArrayList<>();
      while (at < end) {
        part(parts, 0, c -> false);
      }
      return parts;
    }

    /** One part, or as much text as stands together. */
    private void part(List<TclPart> parts, int depth, Stop stop) throws TclException {
      char c = text.charAt(at);
      int begin = at;
      if (c == '[') {
        at++;
        parts.add(new TclPart.Script(begin, script(true, depth + 1)));
      } else if (c == '$' && variable(parts, depth)) {
        return;
      } else {
        parts.add(plain(stop));
      }
    }

    private TclPart plain(Stop stop) {
      int begin = at;
      StringBuilder plain = new StringBuilder();
      while (at < end) {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < end) {
          escape(plain);
        } else if (at > begin && (c == '[' || c == '$' || stop.at(c))) {
          break;
        } else {
          plain.append(c);
          at++;
        }
      }
      return new TclPart.Text(begin, plain.toString());
    }

    private void escape(StringBuilder plain) {
      char c = text.charAt(at + 1);
      at += 2;
      switch (c) {
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 't' -> plain.append('\t');
        case '\n' -> {
          while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
          }
          plain.append(' ');
        }
        default -> plain.append(c);
      }
    }

    /** Whether a variable stands here; a dollar sign alone is text. */
    private boolean variable(List<TclPart> parts, int depth) throws TclException {
      int begin = at;
      if (at + 1 < end && text.charAt(at + 1) == '{') {
        int close = text.indexOf('}', at + 2);
        if (close < 0 || close >= end) {
          throw new TclException(begin, "has a ${ that is never closed");
        }
        at = close + 1;
        parts.add(new TclPart.Variable(begin, text.substring(begin + 2, close)));
        return true;
      }
      int name = at + 1;
      int to = name;
      while (to < end && (isNameCharacter(text.charAt(to)) || text.startsWith("::", to))) {
        to += text.charAt(to) == ':' ? 2 : 1;
      }
      to = Math.min(to, end);
      if (to == name) {
        return false;
      }
      at = to;
      parts.add(new TclPart.Variable(begin, text.substring(name, to)));
      if (at < end && text.charAt(at) == '(') {
        element(parts, depth);
      }
      return true;
    }

    /** What stands between the parentheses behind an array. */
    private void element(List<TclPart> parts, int depth) throws TclException {
      int begin = at;
      if (depth > DEEPEST) {
        throw new TclException(at, "is nested deeper than " + DEEPEST + " levels");
      }
      while (at < end && text.charAt(at) != ')') {
        part(parts, depth + 1, c -> c == ')');
      }
      if (at++ >= end) {
        throw new TclException(begin, "has a ( behind a variable that is never closed");
      }
      parts.add(new TclPart.Text(at - 1, ""));
    }

    private void skipBlanks() {
      while (at < end && isBlank(at)) {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
    }

    private void skipBetweenCommands() {
      while (at < end && (isBlank(at) || text.charAt(at) == '\n' || text.charAt(at) == ';')) {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
    }

    /** A comment goes on behind a backslash at the end of its line. */
    private void skipComment() {
      while (at < end && text.charAt(at) != '\n') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      at = Math.min(at, end);
    }

    private boolean isBlank(int where) {
      char c = text.charAt(where);
      return isSpace(c) || (c == '\\' && where + 1 < end && text.charAt(where + 1) == '\n');
    }
  }

  /** Where text ends. */
  @FunctionalInterface
  private interface Stop {
    boolean at(char c);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b';
  }

  private static boolean isEnd(char c, boolean bracketed) {
    return c == '\n' || c == ';' || (bracketed && c == ']');
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
