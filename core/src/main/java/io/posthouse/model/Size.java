package io.posthouse.model;

/** A number of octets. */
public record Size(long octets) {
  /** Nothing, or where the key says so: no limit. */
  public static final Size ZERO = new Size(0);

  /** Whether it is 0. */
  public boolean isZero() {
    return octets == 0;
  }
}
