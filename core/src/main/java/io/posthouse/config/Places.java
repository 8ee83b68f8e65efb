package io.posthouse.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Where the value of each path stands in the file, and which of them could be read. */
final class Places {
  private final Map<String, Place> keys = new HashMap<>();
  private final Map<String, Place> values = new HashMap<>();
  private final Set<String> failed = new HashSet<>();

  void put(String path, Place key, Place value) {
    keys.putIfAbsent(path, key);
    values.putIfAbsent(path, value);
  }

  void fail(String path) {
    failed.add(path);
  }

  /** Whether the file gives this path at all. */
  boolean written(String path) {
    return values.containsKey(path);
  }

  /** Whether the file gives this path, and readably. */
  boolean good(String path) {
    return written(path) && !failed.contains(path);
  }

  /** Whether the value in effect is what the file wants: readable, or silent and so the default. */
  boolean trusted(String path) {
    return !failed.contains(path);
  }

  /** Where the key or name stands; where the value stands for an element of a list. */
  Place key(String path) {
    return keys.getOrDefault(path, Place.START);
  }

  /** Where the value stands. */
  Place value(String path) {
    return values.getOrDefault(path, Place.START);
  }

  /** The path of an element of a list that may have been written as a single value. */
  String item(String list, int index) {
    String path = path(list, index);
    return written(path) ? path : list;
  }

  /** The path of a key under another; names that hold a dot are quoted so that paths are unique. */
  static String path(String parent, String key) {
    String shown = key.indexOf('.') >= 0 || key.isEmpty() ? Words.quote(key) : Words.shorten(key);
    return parent.isEmpty() ? shown : parent + "." + shown;
  }

  /** The path of an element of a list. */
  static String path(String parent, int index) {
    return parent + "[" + index + "]";
  }
}
