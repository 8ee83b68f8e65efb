package io.posthouse.app;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction.RuleLimit;
import io.posthouse.model.RuleEvent;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.ClassBounds;
import io.posthouse.rules.LiveRule;
import io.posthouse.rules.RuleCondition;
import io.posthouse.rules.RuleCounts;
import io.posthouse.rules.RuleEngine;
import io.posthouse.rules.RuleSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the rules of virtual servers ready to be asked. What was counted stays, as long as the
 * names do, and what was compiled, as long as the texts do: a list that changes compiles nothing.
 */
final class RuleFactory {
  private static final int MOST_CONDITIONS = 10_000;

  private final Map<Text, RuleCondition> conditions = new HashMap<>();
  private final Map<String, ClassBounds> bounds = new HashMap<>();
  private final Map<List<String>, RuleCounts> counts = new HashMap<>();

  private record Text(RuleEvent at, String when) {}

  RuleSet of(Configuration configuration, VirtualServer server) {
    if (conditions.size() > MOST_CONDITIONS) {
      conditions.clear();
    }
    List<LiveRule> rules = new ArrayList<>();
    for (Rule rule : configuration.rulesOf(server)) {
      rules.add(
          new LiveRule(
              rule,
              conditions.computeIfAbsent(
                  new Text(rule.at(), rule.when()),
                  text -> RuleEngine.cel().compile(text.at(), text.when())),
              counts.computeIfAbsent(List.of(server.name(), rule.name()), _ -> new RuleCounts()),
              bounds(rule)));
    }
    return new RuleSet(rules);
  }

  /** A rule has its limit wherever it is used, as a class does. */
  private ClassBounds bounds(Rule rule) {
    RuleLimit limit = rule.then().limit();
    ClientClass.Limits limits =
        limit == null
            ? new ClientClass.Limits(0, 0, 0, 0)
            : new ClientClass.Limits(0, 0, limit.perMinute(), limit.perMinutePerClient());
    ClassBounds its = bounds.computeIfAbsent(rule.name(), _ -> new ClassBounds(limits));
    its.limits(limits);
    return its;
  }
}
