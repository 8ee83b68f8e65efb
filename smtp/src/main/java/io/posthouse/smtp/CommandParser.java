package io.posthouse.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads command lines. */
public final class CommandParser {
  private CommandParser() {}

  /** What a line, without its CR LF, comes to. */
  public static Parsed parse(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        return refused(500, "5.5.2 Control character in a command", Parsed.Kind.NOT_SMTP);
      }
    }
    String text = line.stripTrailing();
    int space = text.indexOf(' ');
    String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
    String rest = space < 0 ? "" : text.substring(space + 1).strip();
    return switch (verb) {
      case "EHLO" -> hello(true, rest);
      case "HELO" -> hello(false, rest);
      case "MAIL" -> mail(rest);
      case "RCPT" -> rcpt(rest);
      case "DATA" -> bare(rest, new Command.Data());
      case "BDAT" -> bdat(rest);
      case "RSET" -> bare(rest, new Command.Rset());
      case "NOOP" -> new Command.Noop();
      case "HELP" -> new Command.Help();
      case "QUIT" -> bare(rest, new Command.Quit());
      case "VRFY" -> rest.isEmpty() ? badArgument() : new Command.Vrfy(rest);
      case "EXPN" -> rest.isEmpty() ? badArgument() : new Command.Expn(rest);
      case "STARTTLS" -> bare(rest, new Command.StartTls());
      default -> refused(500, "5.5.2 Command unknown", Parsed.Kind.UNKNOWN_COMMAND);
    };
  }

  private static Parsed bare(String rest, Command command) {
    return rest.isEmpty() ? command : badArgument();
  }

  private static Parsed hello(boolean extended, String name) {
    return name.isEmpty() || name.indexOf(' ') >= 0 || name.length() > 255
        ? badArgument()
        : new Command.Hello(extended, name);
  }

  private static Parsed mail(String rest) {
    return path(rest, "FROM:", true);
  }

  private static Parsed rcpt(String rest) {
    return path(rest, "TO:", false);
  }

  private static Parsed path(String rest, String word, boolean sender) {
    if (!rest.regionMatches(true, 0, word, 0, word.length())) {
      return badArgument();
    }
    String text = rest.substring(word.length()).strip();
    int end = text.startsWith("<") ? text.indexOf('>') : -1;
    if (end < 0) {
      return badArgument();
    }
    Path path = new Path(text.substring(1, end));
    if (path.isNull() && !sender) {
      return refused(501, "5.1.3 No recipient", Parsed.Kind.SYNTAX);
    }
    Parameters parameters = parameters(text.substring(end + 1));
    if (parameters == null) {
      return badArgument();
    }
    return sender ? new Command.Mail(path, parameters) : new Command.Rcpt(path, parameters);
  }

  private static @Nullable Parameters parameters(String text) {
    if (text.isEmpty()) {
      return Parameters.NONE;
    }
    if (text.charAt(0) != ' ') {
      return null;
    }
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (String word : text.strip().split(" +", 0)) {
      int equals = word.indexOf('=');
      String keyword = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
      if (values.containsKey(keyword)) {
        return null;
      }
      values.put(keyword, equals < 0 ? null : word.substring(equals + 1));
    }
    return new Parameters(values);
  }

  private static Parsed bdat(String rest) {
    String[] words = rest.split(" +", -1);
    boolean last = words.length == 2 && words[1].equalsIgnoreCase("LAST");
    boolean number = words[0].matches("[0-9]{1,18}");
    if (!number || words.length > 2 || (words.length == 2 && !last)) {
      return badArgument();
    }
    return new Command.Bdat(Long.parseLong(words[0]), last);
  }

  private static Parsed badArgument() {
    return refused(501, "5.5.4 Bad argument", Parsed.Kind.SYNTAX);
  }

  private static Parsed refused(int code, String text, Parsed.Kind kind) {
    return new Parsed.Refused(Reply.of(code, text), kind);
  }
}
