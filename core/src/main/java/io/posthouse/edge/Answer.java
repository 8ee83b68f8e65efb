package io.posthouse.edge;

import java.net.InetAddress;
import java.util.List;

/**
 * What became of a {@link Lookup}.
 *
 * @param addresses where addresses were asked for
 * @param names where names were, as DNS has them: any characters
 */
public record Answer(Kind kind, List<InetAddress> addresses, List<String> names) {
  /** There is no such name, or nothing of the kind at it. */
  public static final Answer NONE = new Answer(Kind.NONE, List.of(), List.of());

  /** Nobody answered in time, or nothing that can be used. */
  public static final Answer FAILED = new Answer(Kind.FAILED, List.of(), List.of());

  /** Something that was found. */
  public static Answer found(List<InetAddress> addresses, List<String> names) {
    return new Answer(Kind.FOUND, List.copyOf(addresses), List.copyOf(names));
  }

  /** What kind of answer. */
  public enum Kind {
    FOUND,
    NONE,
    FAILED
  }
}
