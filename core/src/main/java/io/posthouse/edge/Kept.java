package io.posthouse.edge;

import org.jspecify.annotations.Nullable;

/**
 * An answer of DNS that still holds.
 *
 * @param until monotonic time in nanoseconds up to which it does
 */
public record Kept(Answer answer, long until) {
  /** What DNS has said already. */
  @FunctionalInterface
  public interface Answers {
    /** The answer; null when DNS must be asked. */
    @Nullable Kept of(Lookup lookup);
  }
}
