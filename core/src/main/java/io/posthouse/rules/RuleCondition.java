package io.posthouse.rules;

import java.util.Set;

/** The condition of a rule, ready to be asked from any thread. */
@FunctionalInterface
public interface RuleCondition {
  /**
   * Whether it holds.
   *
   * @throws RuleException when nobody can say
   */
  boolean holds(RuleFacts facts) throws RuleException;

  /**
   * Whether it holds, as far as that can be said when some of what it may name is not known.
   *
   * @param unknown names that the facts say nothing of
   * @throws RuleException when nobody can say, whatever is known
   */
  default Guess guess(RuleFacts facts, Set<String> unknown) throws RuleException {
    return Guess.decided(holds(facts));
  }
}
