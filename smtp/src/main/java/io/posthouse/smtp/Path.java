package io.posthouse.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A reverse or forward path without its angle brackets and without its source route (RFC 5321
 * section 4.1.2). {@link CommandParser} makes only those whose syntax is right.
 *
 * @param text the mailbox as it was written, an octet a character; empty for the null reverse path
 * @param routed whether a source route stood in front of it, which goes to nobody
 */
public record Path(String text, boolean routed) {
  /** The null reverse path of bounces. */
  public static final Path NULL = new Path("", false);

  /**
   * Reads a path as people write it, without its angle brackets: a source route may stand in front.
   *
   * @return null when it is none
   */
  public static @Nullable Path parse(String written) {
    byte[] octets = written.getBytes(StandardCharsets.UTF_8);
    PathReader reader = new PathReader('<' + new String(octets, StandardCharsets.ISO_8859_1) + '>');
    Path path = reader.read();
    return reader.rest().isEmpty() ? path : null;
  }

  /** Whether it is the null reverse path. */
  public boolean isNull() {
    return text.isEmpty();
  }

  /** Whether it is the recipient without a domain that everybody takes (section 4.5.1). */
  public boolean isPostmaster() {
    return text.equalsIgnoreCase("postmaster");
  }

  /**
   * What stands before the last at sign, all of it when there is none; as people read it, without
   * quotes and the backslashes in them, which mean nothing (RFC 5321 section 4.1.2).
   */
  public String localPart() {
    String read = unicode();
    int at = read.lastIndexOf('@');
    String local = at < 0 ? read : read.substring(0, at);
    return local.startsWith("\"")
        ? local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1")
        : local;
  }

  /** The mailbox as people read it: its octets are UTF-8 (RFC 6531 section 3.3). */
  public String unicode() {
    return isAscii()
        ? text
        : new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /**
   * What stands after the last at sign, as people read it, in lower case; empty when there is none.
   */
  public String domain() {
    String read = unicode();
    int at = read.lastIndexOf('@');
    return at < 0 ? "" : read.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  /** Whether every octet is ASCII. */
  public boolean isAscii() {
    return Octets.isAscii(text);
  }
}
