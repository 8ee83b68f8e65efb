package io.posthouse.backend;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.model.Rule;
import io.posthouse.model.Spelled;
import io.posthouse.rules.Firing;
import java.util.ArrayList;
import java.util.List;

/** What the log says of rules that fired. */
public final class RuleLog {
  private RuleLog() {}

  /**
   * The line for a rule.
   *
   * @param more keys and values in turn
   */
  public static Event event(
      String server, String client, String clientClass, Firing firing, List<Object> more) {
    Rule rule = firing.rule();
    List<Object> fields = new ArrayList<>(24);
    fields.addAll(List.of("virtual-server", server, "client", client, "class", clientClass));
    fields.addAll(List.of("rule", rule.name(), "at", Spelled.of(rule.at())));
    fields.addAll(List.of("then", rule.then().key()));
    fields.addAll(more);
    if (!firing.detail().isEmpty()) {
      fields.add(firing.what() == Firing.What.FAILED ? "reason" : "reply");
      fields.add(firing.detail());
    }
    if (firing.what() == Firing.What.FAILED) {
      fields.add("remedy");
      fields.add(
          "change its condition, such as x > 0 && y / x > 2, and reload; with dry-run: true it"
              + " refuses nobody meanwhile");
    }
    return new Event(kind(firing), fields);
  }

  private static EventKind kind(Firing firing) {
    return switch (firing.what()) {
      case LOGGED -> EventKind.RULE;
      case DRY -> EventKind.RULE_DRY_RUN;
      case REFUSED -> EventKind.RULE_REFUSED;
      case FAILED -> EventKind.RULE_FAILED;
    };
  }
}
