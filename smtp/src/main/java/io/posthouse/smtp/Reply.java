package io.posthouse.smtp;

import java.util.List;
import java.util.Optional;

/**
 * One SMTP reply of one or more lines (RFC 5321 section 4.2).
 *
 * @param code 200 to 599
 * @param lines the text of each line, without code, separator and line end; at least one, possibly
 *     empty
 */
public record Reply(int code, List<String> lines) {

  /** Refuses a code that is none and a reply without a line. */
  public Reply {
    if (code < 200 || code > 599 || lines.isEmpty()) {
      throw new IllegalArgumentException("not a reply: " + code + " " + lines);
    }
    lines = List.copyOf(lines);
  }

  /** A reply of one line. */
  public static Reply of(int code, String text) {
    return new Reply(code, List.of(text));
  }

  /** Its first digit: 2 done, 3 go on, 4 not now, 5 no. */
  public int severity() {
    return code / 100;
  }

  /**
   * The enhanced code of its first line; one of another severity than the reply's is none (RFC 2034
   * section 4 demands that they agree).
   */
  public Optional<EnhancedStatus> enhanced() {
    return EnhancedStatus.startOf(lines.getFirst()).filter(e -> e.severity() == severity());
  }

  /** The text of all lines, joined by a space. */
  public String text() {
    return String.join(" ", lines);
  }

  /** Code and text as one line for people, escaped and at most 200 characters long. */
  public String phrase() {
    return Printable.line((code + " " + text()).strip(), 200);
  }

  /** As it is sent: every line with its code and CR LF (RFC 5321 section 4.2.1). */
  public String wire() {
    if (lines.size() == 1) {
      return code + " " + lines.getFirst() + "\r\n";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      char separator = i < lines.size() - 1 ? '-' : ' ';
      text.append(code).append(separator).append(lines.get(i)).append("\r\n");
    }
    return text.toString();
  }
}
