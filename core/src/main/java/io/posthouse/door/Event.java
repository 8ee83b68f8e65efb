package io.posthouse.door;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that happened, for the log: a kind, and fields with fixed keys in a fixed order.
 *
 * <p>Values may come from peers; whoever writes them escapes them. Secrets and mail bodies never
 * get in here.
 *
 * @param kind what happened
 * @param fields keys and values in turn; a value is a String, a Number or a Boolean
 */
public record Event(EventKind kind, List<Object> fields) {

  /** Takes the list as it is; callers hand over a fresh one. */
  public Event {
    if (fields.size() % 2 != 0) {
      throw new IllegalArgumentException("a key without a value: " + fields);
    }
  }

  /** An event with the given keys and values in turn. */
  public static Event of(EventKind kind, Object... keysAndValues) {
    return new Event(kind, List.of(keysAndValues));
  }

  /** The same event with one more field at its end. */
  public Event with(String key, Object value) {
    List<Object> more = new ArrayList<>(fields);
    more.add(key);
    more.add(value);
    return new Event(kind, List.copyOf(more));
  }
}
