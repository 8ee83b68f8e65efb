package io.posthouse.smtp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads command lines by the grammar of RFC 5321 section 4.1 and its extensions. What comes out is
 * canonical: {@link Command#line} is the only form a member ever sees, and it is parsed to itself.
 */
public final class CommandParser {
  /** Most octets of the name behind EHLO or HELO (RFC 5321 section 4.5.3.1.2). */
  private static final int MAX_NAME = 255;

  /** Most octets of what VRFY or EXPN ask for. */
  private static final int MAX_STRING = 512;

  /** Most letters of a SASL mechanism (RFC 4422 section 3.1). */
  private static final int MAX_MECHANISM = 20;

  /** Most digits of a chunk's size, so that it is a long. */
  private static final int MAX_SIZE_DIGITS = 18;

  /** Methods of HTTP, its version 2, and the header of the PROXY protocol. */
  private static final Set<String> FOREIGN =
      Set.of(
          "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "PRI",
          "PROXY");

  /** Commands of SMTP that turn the connection round or need a terminal. */
  private static final Set<String> NOT_FOR_A_PROXY =
      Set.of("TURN", "ETRN", "ATRN", "SEND", "SOML", "SAML");

  private static final Parsed BAD_ARGUMENT = refused(501, "5.5.4 Bad argument", Parsed.Kind.SYNTAX);
  private static final Parsed BAD_SENDER =
      refused(501, "5.1.7 Bad sender address", Parsed.Kind.SYNTAX);
  private static final Parsed BAD_RECIPIENT =
      refused(501, "5.1.3 Bad recipient address", Parsed.Kind.SYNTAX);
  private static final Parsed NEEDS_UTF8 =
      refused(553, "5.6.7 This address needs SMTPUTF8", Parsed.Kind.SYNTAX);
  private static final Parsed CONTROL =
      refused(501, "5.5.2 Control character in a command", Parsed.Kind.SYNTAX);
  private static final Parsed OTHER_PROTOCOL =
      refused(500, "5.5.2 This is SMTP", Parsed.Kind.NOT_SMTP);
  private static final Parsed NOT_IMPLEMENTED =
      refused(502, "5.5.1 Command not implemented", Parsed.Kind.PRIVATE_VERB);
  private static final Parsed UNKNOWN =
      refused(500, "5.5.2 Command unknown", Parsed.Kind.UNKNOWN_COMMAND);
  private static final Parsed NO_CHUNK_SIZE =
      refused(501, "5.5.4 BDAT without a size, closing", Parsed.Kind.UNCOUNTED);

  private CommandParser() {}

  /** What a line, without its CR LF, comes to. */
  public static Parsed parse(String line) {
    String text = withoutTrailingWhitespace(line);
    int space = text.indexOf(' ');
    int verbEnd = space < 0 ? text.length() : space;
    String verb = Octets.upper(text.substring(0, verbEnd));
    if (FOREIGN.contains(verb) || Octets.hasControl(verb)) {
      return OTHER_PROTOCOL;
    }
    // Whatever else is wrong with BDAT, its octets follow.
    if (Octets.hasControl(text) && !verb.equals("BDAT")) {
      return CONTROL;
    }
    return command(verb, withoutLeadingSpaces(text.substring(verbEnd)));
  }

  private static Parsed command(String verb, String rest) {
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
      case "VRFY" -> isString(rest) ? new Command.Vrfy(rest) : BAD_ARGUMENT;
      case "EXPN" -> isString(rest) ? new Command.Expn(rest) : BAD_ARGUMENT;
      case "STARTTLS" -> bare(rest, new Command.StartTls());
      case "AUTH" -> auth(rest);
      case "XCLIENT" -> xclient(rest);
      default -> other(verb);
    };
  }

  private static Parsed other(String verb) {
    return verb.startsWith("X") || NOT_FOR_A_PROXY.contains(verb) ? NOT_IMPLEMENTED : UNKNOWN;
  }

  /** RFC 5321 section 4.1.1: white space before the line end is to be tolerated. */
  private static String withoutTrailingWhitespace(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
      end--;
    }
    return line.substring(0, end);
  }

  private static String withoutLeadingSpaces(String text) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    return text.substring(start);
  }

  private static boolean begins(String rest, String word) {
    return rest.regionMatches(true, 0, word, 0, word.length());
  }

  private static Parsed bare(String rest, Command command) {
    return rest.isEmpty() ? command : BAD_ARGUMENT;
  }

  private static boolean isString(String rest) {
    return !rest.isEmpty() && rest.length() <= MAX_STRING;
  }

  /** Names that are no domain are common and harmless: members judge them. */
  private static Parsed hello(boolean extended, String name) {
    return Octets.isVisible(name) && name.length() <= MAX_NAME
        ? new Command.Hello(extended, name)
        : BAD_ARGUMENT;
  }

  private static Parsed mail(String rest) {
    if (!begins(rest, "FROM:")) {
      return BAD_ARGUMENT;
    }
    PathReader paths = new PathReader(withoutLeadingSpaces(rest.substring(5)));
    Path path = paths.read();
    if (path == null || path.isPostmaster()) {
      return BAD_SENDER;
    }
    ParameterReader parameters = new ParameterReader(true);
    Reply wrong = parameters.read(paths.rest());
    if (wrong != null) {
      return new Parsed.Refused(wrong, Parsed.Kind.SYNTAX);
    }
    Command.Mail mail = new Command.Mail(path, parameters.parameters());
    return mail.isAscii() || mail.isUtf8() ? mail : NEEDS_UTF8;
  }

  private static Parsed rcpt(String rest) {
    if (!begins(rest, "TO:")) {
      return BAD_ARGUMENT;
    }
    PathReader paths = new PathReader(withoutLeadingSpaces(rest.substring(3)));
    Path path = paths.read();
    if (path == null || path.isNull()) {
      return BAD_RECIPIENT;
    }
    ParameterReader parameters = new ParameterReader(false);
    Reply wrong = parameters.read(paths.rest());
    return wrong == null
        ? new Command.Rcpt(path, parameters.parameters())
        : new Parsed.Refused(wrong, Parsed.Kind.SYNTAX);
  }

  private static Parsed bdat(String rest) {
    String[] words = rest.split(" +", -1);
    String size = words[0];
    boolean number =
        !size.isEmpty()
            && size.length() <= MAX_SIZE_DIGITS
            && size.chars().allMatch(c -> Octets.isDigit((char) c));
    if (!number) {
      return NO_CHUNK_SIZE;
    }
    long octets = Long.parseLong(size);
    boolean last = words.length == 2 && words[1].equalsIgnoreCase("LAST");
    return words.length == 1 || last
        ? new Command.Bdat(octets, last)
        : new Parsed.Refused(
            Reply.of(501, "5.5.4 Bad argument of BDAT"), Parsed.Kind.SYNTAX, octets);
  }

  /** RFC 4954 section 4; a mechanism is of 1 to 20 letters, digits, hyphens and underscores. */
  private static Parsed auth(String rest) {
    int space = rest.indexOf(' ');
    String mechanism = Octets.upper(space < 0 ? rest : rest.substring(0, space));
    String initial = space < 0 ? "" : withoutLeadingSpaces(rest.substring(space));
    boolean named =
        !mechanism.isEmpty()
            && mechanism.length() <= MAX_MECHANISM
            && mechanism
                .chars()
                .allMatch(c -> Octets.isLetterOrDigit((char) c) || c == '-' || c == '_');
    return named && Command.Auth.isBase64(initial)
        ? new Command.Auth(mechanism, initial)
        : BAD_ARGUMENT;
  }

  /** Postfix's XCLIENT: at least one attribute, each once, with a value in xtext. */
  private static Parsed xclient(String rest) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String word : rest.split(" +", -1)) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? "" : Octets.upper(word.substring(0, equals));
      String value = Xtext.decode(word.substring(equals + 1));
      if (!Command.XClient.KNOWN.contains(name)
          || value == null
          || attributes.put(name, value) != null) {
        return BAD_ARGUMENT;
      }
    }
    return new Command.XClient(attributes);
  }

  private static Parsed refused(int code, String text, Parsed.Kind kind) {
    return new Parsed.Refused(Reply.of(code, text), kind);
  }
}
