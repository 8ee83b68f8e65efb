package io.posthouse.app;

import io.posthouse.net.TlsException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something of TLS that was made of files, and is made anew when they change.
 *
 * <p>New content is tried when two looks in a row saw the same, for files are written in pieces and
 * one after the other. What cannot be used is tried, and told, once; the old thing stays.
 *
 * <p>For the reconciler's thread; {@link #made} and {@link #problem} are for any.
 */
final class MadeOfFiles<T> {
  /** Makes the thing. */
  @FunctionalInterface
  interface Maker<T> {
    /** Reads the files; the thing before it is null the first time. */
    T make(@Nullable T before) throws TlsException;
  }

  /** What a look found. */
  enum Look {
    /** Nothing that was not known. */
    SAME,
    /** Other files, and they are in use. */
    TAKEN,
    /** Other files, and they cannot be used. */
    REFUSED
  }

  private final List<Path> files;
  private final Maker<T> maker;
  private volatile T made;
  private volatile @Nullable String problem;
  private FilesPrint tried;
  private FilesPrint seen;

  MadeOfFiles(List<Path> files, Maker<T> maker, @Nullable T before) throws TlsException {
    this.files = files;
    this.maker = maker;
    this.tried = FilesPrint.of(files);
    this.seen = tried;
    this.made = maker.make(before);
  }

  /** What is in use. */
  T made() {
    return made;
  }

  /** Why the files that lie there now are not in use; null when they are. */
  @Nullable String problem() {
    return problem;
  }

  /** Whether it is what the files would give now. */
  boolean isCurrent() {
    return problem == null && FilesPrint.of(files).equals(tried);
  }

  Look look() {
    FilesPrint now = FilesPrint.of(files);
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(tried)) {
      return Look.SAME;
    }
    tried = now;
    try {
      made = maker.make(made);
      problem = null;
      return Look.TAKEN;
    } catch (TlsException | RuntimeException e) {
      problem = String.valueOf(e.getMessage());
      return Look.REFUSED;
    }
  }
}
