package io.posthouse.audit;

/** Paths of keys as messages of {@code check} write them. */
final class KeyPath {
  private KeyPath() {}

  /** {@code client-classes.relay.snat}; a name with a dot is quoted. */
  static String of(String... parts) {
    StringBuilder path = new StringBuilder();
    for (String part : parts) {
      path.append(path.isEmpty() ? "" : ".");
      path.append(part.indexOf('.') < 0 ? part : '"' + part + '"');
    }
    return path.toString();
  }
}
