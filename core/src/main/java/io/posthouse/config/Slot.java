package io.posthouse.config;

import io.posthouse.model.Key;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One component of a record and the key that gives it.
 *
 * @param key absent for the component that takes the object's free name
 * @param nullable whether the key may be left out without a default
 */
record Slot(String component, @Nullable Key key, Shape shape, boolean nullable) {

  /** Whether the component takes the name under which the object stands. */
  boolean isName() {
    return key == null;
  }

  /** The key as it stands in the file. */
  String name() {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** The default as it would stand in the file; empty when there is none. */
  String fallback() {
    return key == null ? "" : key.fallback();
  }

  /** Whether the file must give the key. */
  boolean isRequired() {
    return !isName() && !nullable && fallback().isEmpty();
  }

  /** Whether the word {@code none} stands for absence. */
  boolean takesNone() {
    return nullable && fallback().equals("none");
  }
}
