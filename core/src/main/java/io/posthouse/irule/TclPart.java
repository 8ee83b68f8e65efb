package io.posthouse.irule;

import java.util.List;

/** A piece of a word. */
sealed interface TclPart {
  /** Characters that stand for themselves, escapes replaced. */
  record Text(int at, String text) implements TclPart {}

  /** {@code $name}; of an element of an array, the array. */
  record Variable(int at, String name) implements TclPart {
    /** Whether it lives outside of the connection: {@code $::name}. */
    boolean global() {
      return name.startsWith("::");
    }
  }

  /** {@code [commands]}. */
  record Script(int at, List<TclCommand> commands) implements TclPart {}
}
