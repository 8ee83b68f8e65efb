package io.posthouse.smtp;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads one path at the beginning of a text (RFC 5321 sections 4.1.2 and 4.1.3, RFC 6531 section
 * 3.3), by its grammar from left to right: a bracket or an at sign inside a quoted string ends
 * nothing.
 *
 * <p>More is taken than the grammar allows where real clients need it and nothing else could be
 * meant: no brackets, dots anywhere in an unquoted local part, underscores in a domain, a local
 * part of more than 64 octets (docs/intentional.md). A source route is checked and dropped, as
 * section 4.1.1.3 recommends.
 */
final class PathReader {
  /** Most octets, brackets and route included (section 4.5.3.1.3). */
  static final int MAX_PATH = 256;

  /** Most octets of a domain (section 4.5.3.1.2). */
  static final int MAX_DOMAIN = 255;

  private final String text;
  private int at;
  private boolean routed;

  PathReader(String text) {
    this.text = text;
  }

  /** The path, or null when what stands here is none. */
  @Nullable Path read() {
    Path path = take('<') ? inBrackets() : mailbox();
    boolean ends = at == text.length() || isAt(' ');
    boolean fits = path != null && at <= MAX_PATH && path.text().length() + 2 <= MAX_PATH;
    return ends && fits ? path : null;
  }

  /** What stands behind the path. */
  String rest() {
    return text.substring(at);
  }

  private @Nullable Path inBrackets() {
    if (take('>')) {
      return Path.NULL;
    }
    if (isAt('@') && !route()) {
      return null;
    }
    Path path = mailbox();
    return path != null && take('>') ? path : null;
  }

  /** {@code @a,@b:}. */
  private boolean route() {
    do {
      if (!take('@') || !domain()) {
        return false;
      }
    } while (take(','));
    routed = true;
    return take(':');
  }

  private @Nullable Path mailbox() {
    int start = at;
    boolean local = isAt('"') ? quoted() : some(c -> c == '.' || Octets.isAtom((char) c));
    if (!local) {
      return null;
    }
    boolean whole = take('@') && (isAt('[') ? literal() : domain());
    Path path = new Path(text.substring(start, at), routed);
    boolean right = whole || path.isPostmaster();
    return right && (path.isAscii() || Octets.isUtf8(path.text())) ? path : null;
  }

  private boolean quoted() {
    at++;
    while (at < text.length() && !isAt('"')) {
      boolean pair = take('\\');
      if (at == text.length() || !isQuotable(text.charAt(at), pair)) {
        return false;
      }
      at++;
    }
    return take('"');
  }

  private static boolean isQuotable(char c, boolean pair) {
    return !Octets.isControl(c) && !(pair && Octets.isHigh(c));
  }

  private boolean domain() {
    int start = at;
    do {
      int label = at;
      if (!some(c -> isLabel((char) c)) || isHyphen(label) || isHyphen(at - 1)) {
        return false;
      }
    } while (take('.'));
    return at - start <= MAX_DOMAIN;
  }

  private static boolean isLabel(char c) {
    return Octets.isLetterOrDigit(c) || Octets.isHigh(c) || c == '-' || c == '_';
  }

  private boolean isHyphen(int index) {
    return text.charAt(index) == '-';
  }

  private boolean literal() {
    int end = text.indexOf(']', at);
    if (end < 0 || end > MAX_PATH || !AddressLiteral.isValid(text.substring(at + 1, end))) {
      return false;
    }
    at = end + 1;
    return true;
  }

  private boolean some(IntPredicate taken) {
    int start = at;
    while (at < text.length() && taken.test(text.charAt(at))) {
      at++;
    }
    return at > start;
  }

  private boolean isAt(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private boolean take(char c) {
    if (!isAt(c)) {
      return false;
    }
    at++;
    return true;
  }
}
