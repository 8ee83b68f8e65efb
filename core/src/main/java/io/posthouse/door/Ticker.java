package io.posthouse.door;

/** The monotonic clock; tests move it by hand. */
@FunctionalInterface
public interface Ticker {
  /** Nanoseconds since an arbitrary origin; only differences mean anything. */
  long nanos();
}
