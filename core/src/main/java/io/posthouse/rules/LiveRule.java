package io.posthouse.rules;

import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.ClassBounds.Answer;

/**
 * A rule that can be asked.
 *
 * @param bounds what its limit counts; no limit where it has none
 */
public record LiveRule(Rule rule, RuleCondition condition, RuleCounts counts, ClassBounds bounds) {
  /** Whether what it would choose is chosen already: the first rule that chooses wins. */
  boolean isSettled(Detour by) {
    RuleAction then = rule.then();
    return (then.pool() != null && by.pool() != null)
        || (then.snat() != null && by.snat() != null)
        || (then.clientClass() != null && by.clientClass() != null);
  }

  /** What it chooses. */
  Detour detour() {
    RuleAction then = rule.then();
    return new Detour(then.pool(), then.snat(), then.clientClass());
  }

  /** Takes one of what its limit allows; whether there was one. */
  boolean take(RuleFacts facts) {
    return bounds.message(ClassBounds.client(facts.client()), facts.nanos()) == Answer.ADMITTED;
  }
}
