package io.posthouse.rules;

import io.posthouse.model.Rule;

/**
 * A rule that has fired, or could not be evaluated, and is worth a line.
 *
 * @param what what came of it
 * @param detail the reply, or why it could not be evaluated; may be empty
 */
public record Firing(Rule rule, What what, String detail) {
  /** What came of it. */
  public enum What {
    /** The line is all. */
    LOGGED,
    /** It would have done something, but is a dry run. */
    DRY,
    /** Its client was refused, for good or for now. */
    REFUSED,
    /** Nobody knows whether its condition holds. */
    FAILED
  }
}
