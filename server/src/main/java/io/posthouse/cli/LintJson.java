package io.posthouse.cli;

import io.posthouse.irule.Conversion;
import io.posthouse.irule.Counterpart;
import io.posthouse.irule.LintFinding;
import io.posthouse.irule.Linted;
import io.posthouse.irule.LintedRule;
import io.posthouse.irule.Position;
import io.posthouse.model.Spelled;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What was found in iRules, as JSON. */
final class LintJson {
  private LintJson() {}

  /** The whole answer. */
  static ObjectNode of(Linted linted) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("wrong", linted.wrong());
    findings(json, linted.findings());
    ArrayNode rules = json.putArray("rules");
    linted.rules().forEach(rule -> rule(rules.addObject(), rule));
    ArrayNode passedOver = json.putArray("passed-over");
    linted.passedOver().forEach(passedOver::add);
    json.put("untold", linted.untold());
    return json;
  }

  private static void rule(ObjectNode json, LintedRule rule) {
    json.put("rule", rule.name());
    place(json, rule.at());
    findings(json, rule.findings());
    ArrayNode counterparts = json.putArray("counterparts");
    for (Counterpart each : rule.counterparts()) {
      ObjectNode one = counterparts.addObject();
      one.put("command", each.command());
      place(one, each.at());
      one.put("says", each.says());
      if (each.exists()) {
        one.put("page", each.page());
      }
    }
    switch (rule.conversion()) {
      case Conversion.Same same -> json.put("yaml", String.join("\n", same.lines()) + "\n");
      case Conversion.None none -> {
        ObjectNode not = json.putObject("not-converted");
        place(not, none.at());
        not.put("why", none.why());
      }
    }
  }

  private static void findings(ObjectNode json, List<LintFinding> findings) {
    ArrayNode all = json.putArray("findings");
    for (LintFinding each : findings) {
      ObjectNode one = all.addObject();
      one.put("finding", Spelled.of(each.kind()));
      one.put("severity", Spelled.of(each.kind().severity()));
      place(one, each.at());
      one.put("problem", each.problem());
      one.put("change", each.change());
    }
  }

  private static void place(ObjectNode json, Position at) {
    json.put("line", at.line());
    json.put("column", at.column());
  }
}
