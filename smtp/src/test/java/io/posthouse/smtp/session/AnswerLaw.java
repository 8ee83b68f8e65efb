package io.posthouse.smtp.session;

import io.posthouse.smtp.Reply;
import java.util.Set;

/** Which answers a command may get. */
final class AnswerLaw {
  private AnswerLaw() {}

  /** Whether a member's words may be passed on: the step that they were said to stands in them. */
  static boolean passes(String command, String kind, Reply reply) {
    String to = reply.text().replaceFirst(".* (\\w+) \\d+$", "$1");
    boolean passes =
        switch (kind) {
          case "MAIL", "RCPT", "DATA" -> to.equals(kind);
          case "BDAT" -> to.equals(command.endsWith("LAST") ? "FINAL" : "CHUNK");
          case "AUTH", "response" -> to.equals("AUTH");
          case "FINAL" -> to.equals("FINAL") || (reply.severity() > 3 && to.equals("BODY"));
          default -> false;
        };
    boolean ofAnEarlierStep = reply.severity() == 4 && reply.text().matches("4.3.1 .*|.* bye .*");
    boolean refusesItsClient =
        to.matches("GREETING|HELLO") && (kind.equals("MAIL") || reply.severity() == 4);
    return passes || (reply.severity() > 3 && (ofAnEarlierStep || refusesItsClient));
  }

  /** Whether we may say so ourselves. */
  static boolean isOurs(String kind, Reply reply) {
    int code = reply.code();
    return switch (kind) {
      case "greeting" -> code == 220;
      case "EHLO", "HELO" -> reply.text().startsWith("mx.example");
      case "MAIL" -> Set.of(451, 503, 552, 555).contains(code);
      case "RCPT" -> Set.of(451, 452, 503).contains(code);
      case "DATA" -> Set.of(354, 451, 503, 554).contains(code);
      case "BDAT" -> Set.of(451, 502, 503, 554).contains(code);
      case "FINAL" -> code == 451;
      case "RSET", "NOOP" -> reply.equals(Replies.OK);
      case "VRFY" -> code == 252;
      case "HELP" -> code == 214;
      case "QUIT" -> code == 221;
      case "BOGUS", "bad" -> code == 500;
      case "STARTTLS" -> Set.of(220, 502, 503).contains(code);
      case "AUTH" -> Set.of(454, 502, 503, 504).contains(code);
      case "XCLIENT" -> code == 220 || code == 503;
      case "response" -> code == 454;
      case "EXPN" -> code == 500 || code == 502;
      default -> throw new AssertionError(kind);
    };
  }
}
