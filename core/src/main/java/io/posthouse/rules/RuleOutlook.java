package io.posthouse.rules;

import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction.Verdict;

/**
 * What one rule would do with a client, as far as that can be said before the client says anything.
 *
 * @param detail what comes of it, or what it depends on; may be empty
 */
public record RuleOutlook(Rule rule, Course course, String detail) {
  /** What comes of a rule. */
  public enum Course {
    FIRES,
    DOES_NOT_FIRE,
    /** Nobody knows yet what its condition needs. */
    DEPENDS,
    /** Its condition cannot be evaluated, which refuses for now. */
    FAILS,
    /** Another comes before it. */
    NOT_ASKED
  }

  /** Whether it refuses the client, whatever that says. */
  public boolean refuses() {
    boolean refusal = rule.then().refuse() != null || rule.then().verdict() == Verdict.CLOSE;
    return !rule.dryRun() && (course == Course.FAILS || (course == Course.FIRES && refusal));
  }

  /** Whether it sends the client's work elsewhere, or has it treated as another. */
  public boolean diverts() {
    return !rule.dryRun() && course == Course.FIRES && rule.then().chooses();
  }
}
