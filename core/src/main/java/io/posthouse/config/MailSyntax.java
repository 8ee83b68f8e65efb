package io.posthouse.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Whether names and addresses could stand in an SMTP command at all (RFC 5321 section 4.1.2). */
final class MailSyntax {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*))*");
  private static final Pattern LITERAL = Pattern.compile("\\[[0-9A-Za-z:.]+]");
  private static final Pattern LOCAL_PART = Pattern.compile("[!-~&&[^<>()\\[\\]\\\\,;:@\"]]+");

  private MailSyntax() {}

  /** Whether it may follow EHLO: a domain or an address literal. */
  static boolean isHelo(String text) {
    return text.length() <= 255
        && (NAME.matcher(text).matches() || LITERAL.matcher(text).matches());
  }

  /** Whether it is the name of a host, with or without the dot of the root. */
  static boolean isHost(String text) {
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return name.length() <= 253 && NAME.matcher(name).matches() && !name.matches("[0-9.]+");
  }

  /** Whether it is a local part, an at sign and a domain, without angle brackets. */
  static boolean isMailbox(String text) {
    int at = text.lastIndexOf('@');
    return at > 0
        && text.length() <= 254
        && at <= 64
        && LOCAL_PART.matcher(text.substring(0, at)).matches()
        && isHelo(text.substring(at + 1));
  }

  /** Whether it is the null sender (RFC 5321 section 4.5.5). */
  static boolean isNullSender(String text) {
    return text.isEmpty() || text.equals("<>");
  }

  /** The domain of a mailbox, in lower case. */
  static String domain(String mailbox) {
    return mailbox.substring(mailbox.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
  }
}
