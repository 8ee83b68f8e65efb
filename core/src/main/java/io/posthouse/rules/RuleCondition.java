package io.posthouse.rules;

/** The condition of a rule, ready to be asked from any thread. */
@FunctionalInterface
public interface RuleCondition {
  /**
   * Whether it holds.
   *
   * @throws RuleException when nobody can say
   */
  boolean holds(RuleFacts facts) throws RuleException;
}
