package io.posthouse.edge;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * What became of a {@link Lookup}. Of much that was found little is kept: whoever owns the name
 * that was asked for decides how much there is.
 *
 * @param addresses where addresses were asked for, {@value #MOST_ADDRESSES} at most
 * @param names where names were: host names in lower case, {@value #MOST_NAMES} at most
 */
public record Answer(Kind kind, List<InetAddress> addresses, List<String> names) {
  private static final int MOST_ADDRESSES = 20;
  private static final int MOST_NAMES = 5;

  /** There is no such name, or nothing of the kind at it. */
  public static final Answer NONE = new Answer(Kind.NONE, List.of(), List.of());

  /** Nobody answered in time, or nothing that can be used. */
  public static final Answer FAILED = new Answer(Kind.FAILED, List.of(), List.of());

  /** It was not asked for: there was no room for the question, or nobody to ask. */
  public static final Answer NOT_ASKED = new Answer(Kind.NOT_ASKED, List.of(), List.of());

  /** Something that was found: of it the first addresses, and the first names that hosts have. */
  public static Answer found(List<InetAddress> addresses, List<String> names) {
    return new Answer(
        Kind.FOUND,
        addresses.stream().limit(MOST_ADDRESSES).toList(),
        names.stream()
            .filter(HostName::isValid)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .distinct()
            .limit(MOST_NAMES)
            .toList());
  }

  /** What kind of answer. */
  public enum Kind {
    FOUND,
    NONE,
    FAILED,
    NOT_ASKED
  }

  /** Whether DNS says nothing, so that the client passes. */
  boolean isSilent() {
    return kind == Kind.FAILED || kind == Kind.NOT_ASKED;
  }
}
