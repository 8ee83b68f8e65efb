package io.posthouse.irule;

/**
 * A named thing in a bigip.conf.
 *
 * @param kind such as {@code rule}; of version 11 and later without {@code ltm}
 * @param name as it is written
 * @param at where it begins
 * @param body what stands in its braces
 */
record BigipObject(String kind, String name, int at, TclWord body) {
  /** The name with its partition, as version 11 has it: those of version 10 are in Common. */
  String path() {
    return path(name);
  }

  /** The partition of a path, with its folders. */
  static String partition(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** The same of a name that a rule or another object uses. */
  static String path(String name) {
    return name.startsWith("/") ? name : "/Common/" + name;
  }
}
