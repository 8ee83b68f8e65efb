package io.posthouse.config;

/** In which line of a file each key stands. */
public final class Lines {
  /** Those of a file that nobody has. */
  public static final Lines NONE = new Lines(new Places());

  private final Places places;

  Lines(Places places) {
    this.places = places;
  }

  /**
   * The line of a key; of the key around it, where the file is silent about it.
   *
   * @param path such as {@code client-classes.relay.snat}
   * @return 0 where the file has nothing of the path
   */
  public int of(String path) {
    String key = written(path);
    return key.isEmpty() ? 0 : places.key(key).line();
  }

  /** A warning about a key, where {@link #of} finds it. */
  public Problem warning(String file, String path, String message) {
    Place at = places.key(written(path));
    return new Problem(file, at.line(), at.column(), path, message, Problem.Severity.WARNING);
  }

  private String written(String path) {
    String key = path;
    while (!key.isEmpty() && !places.written(key)) {
      key = key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }
    return key;
  }
}
