package io.posthouse.door;

/** One consistent look at everything that runs. */
@FunctionalInterface
public interface StatusView {
  /** What runs now. */
  Status status();
}
