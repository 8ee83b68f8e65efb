package io.posthouse.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What may stand at one place of the file, learnt from the records of {@code io.posthouse.model}.
 *
 * <p>The reader, the JSON Schema and the reference page are three walks over this one description.
 */
sealed interface Shape {
  /** Any text of one line. */
  record Text() implements Shape {}

  /** A whole number. */
  record Whole(long min, long max) implements Shape {}

  /** {@code true} or {@code false}. */
  record Flag() implements Shape {}

  /** A time with its unit. */
  record Span(long minMillis, long maxMillis) implements Shape {}

  /** A size with its unit. */
  record Octets(long min, long max) implements Shape {}

  /** One of a few words, in the order of the enum. */
  record Choice(Class<?> type, Map<String, Enum<?>> words) implements Shape {}

  /** A host and port. */
  record HostAndPort() implements Shape {}

  /** {@code member} or a port number. */
  record PortOrMember() implements Shape {}

  /** A list; a single value in its place is a list of one. */
  record Listing(Shape item, long least) implements Shape {}

  /** Objects under free names. */
  record Named(Block item, long least) implements Shape {}

  /**
   * An object with fixed keys.
   *
   * @param slots the record's components in their order
   */
  record Block(Class<? extends Record> type, List<Slot> slots, Optional<String> shorthand)
      implements Shape {
    /** The components that are keys of the file. */
    List<Slot> keys() {
      return slots.stream().filter(slot -> !slot.isName()).toList();
    }

    /** The slot of a key, as it stands in the file. */
    Optional<Slot> slot(String key) {
      return keys().stream().filter(slot -> slot.name().equals(key)).findFirst();
    }
  }
}
