package io.posthouse.smtp;

import java.util.Locale;

/**
 * A reverse or forward path without its angle brackets and without a source route (RFC 5321 section
 * 4.1.2). {@link CommandParser} makes only those whose syntax is right.
 *
 * @param text the mailbox as it was written; empty for the null reverse path
 */
public record Path(String text) {
  /** The null reverse path of bounces. */
  public static final Path NULL = new Path("");

  /** Whether it is the null reverse path. */
  public boolean isNull() {
    return text.isEmpty();
  }

  /** Whether it is the recipient without a domain that everybody takes (section 4.5.1). */
  public boolean isPostmaster() {
    return text.equalsIgnoreCase("postmaster");
  }

  /** What stands after the last at sign, in lower case; empty when there is none. */
  public String domain() {
    int at = text.lastIndexOf('@');
    return at < 0 ? "" : text.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  /** Whether every octet is ASCII. */
  public boolean isAscii() {
    return Octets.isAscii(text);
  }
}
