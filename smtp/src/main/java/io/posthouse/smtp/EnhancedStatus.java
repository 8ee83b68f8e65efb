package io.posthouse.smtp;

import java.util.Optional;

/**
 * An enhanced mail system status code such as {@code 4.3.1} (RFC 3463 section 2).
 *
 * @param severity 2, 4 or 5
 * @param subject what it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6
 *     content, 7 policy
 * @param detail 0 to 999
 */
public record EnhancedStatus(int severity, int subject, int detail) {

  /** The code that the text of a reply line begins with (RFC 2034 section 4), if it does. */
  public static Optional<EnhancedStatus> startOf(String text) {
    int end = text.indexOf(' ');
    String word = end < 0 ? text : text.substring(0, end);
    if (word.length() < 5 || word.length() > 9 || word.charAt(1) != '.') {
      return Optional.empty();
    }
    char severity = word.charAt(0);
    int dot = word.indexOf('.', 2);
    if ("245".indexOf(severity) < 0 || dot < 0) {
      return Optional.empty();
    }
    int subject = number(word.substring(2, dot));
    int detail = number(word.substring(dot + 1));
    return subject < 0 || detail < 0
        ? Optional.empty()
        : Optional.of(new EnhancedStatus(severity - '0', subject, detail));
  }

  /** Whether subject and detail are these. */
  public boolean is(int otherSubject, int otherDetail) {
    return subject == otherSubject && detail == otherDetail;
  }

  @Override
  public String toString() {
    return severity + "." + subject + "." + detail;
  }

  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > 3) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value;
  }
}
