package io.posthouse.rules;

import io.posthouse.model.ClientClass;
import io.posthouse.model.DataGroup;
import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction;
import io.posthouse.model.RuleAction.RuleLimit;
import io.posthouse.model.RuleAction.Verdict;
import io.posthouse.model.RuleEvent;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.DataGroups;
import io.posthouse.smtp.Path;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What tests of rules are about: one message, and rules for it. */
final class Given {
  static final Instant NIGHT = Instant.parse("2026-11-27T02:30:00Z");

  static final DataGroups GROUPS =
      DataGroups.of(
          Map.of(
              "devices",
              new DataGroup("devices", DataGroup.Type.ADDRESS, List.of("10.20.0.0/16"), null),
              "partners",
              new DataGroup("partners", DataGroup.Type.DOMAIN, List.of("fabrikam.com"), null)),
          Map.of());

  private Given() {}

  /** A message of 10.20.3.4 from fabrikam.com. */
  static RuleFacts facts() {
    return facts("app@Fabrikam.COM", 2_000_000);
  }

  static RuleFacts facts(String sender, long size) {
    return RuleFacts.of(GROUPS, InetAddress.ofLiteral("10.20.3.4"), "relay", NIGHT, 0)
        .greeting("Mail.Contoso.Com", "app.contoso.com", true, false)
        .message(path(sender), size, path("bob@contoso.com"), 3);
  }

  static Path path(String text) {
    return Objects.requireNonNull(Path.parse(text));
  }

  static boolean holds(RuleEvent at, String when) throws RuleException {
    return RuleEngine.cel().compile(at, when).holds(facts());
  }

  static LiveRule rule(String name, RuleEvent at, String when, RuleAction then) {
    return live(new Rule(name, at, when, then, false));
  }

  static LiveRule dry(String name, RuleEvent at, String when, RuleAction then) {
    return live(new Rule(name, at, when, then, true));
  }

  private static LiveRule live(Rule rule) {
    RuleLimit limit = rule.then().limit();
    int most = limit == null ? 0 : limit.perMinute();
    int each = limit == null ? 0 : limit.perMinutePerClient();
    return new LiveRule(
        rule,
        RuleEngine.cel().compile(rule.at(), rule.when()),
        new RuleCounts(),
        new ClassBounds(new ClientClass.Limits(0, 0, most, each)));
  }

  static RuleAction verdict(Verdict word) {
    return new RuleAction(word, null, null, null, null, null);
  }

  static RuleAction refuse(String text) {
    return new RuleAction(null, text, null, null, null, null);
  }

  static RuleAction pool(String name) {
    return new RuleAction(null, null, name, null, null, null);
  }

  static RuleAction snat(String name) {
    return new RuleAction(null, null, null, name, null, null);
  }

  static RuleAction clientClass(String name) {
    return new RuleAction(null, null, null, null, name, null);
  }

  static RuleAction limit(int perMinute) {
    return new RuleAction(null, null, null, null, null, new RuleLimit(perMinute, 0));
  }
}
