package io.posthouse.admin;

import io.posthouse.door.Entrance;
import io.posthouse.edge.EdgeOutlook;
import io.posthouse.model.Spelled;
import io.posthouse.rules.RuleForecast;
import io.posthouse.rules.RuleOutlook;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rules and edge checks in the answer to {@code posthouse why}. */
final class EntranceJson {
  private EntranceJson() {}

  /** Adds them to what is said of a virtual server. */
  static void add(ObjectNode json, Entrance entrance) {
    EdgeOutlook edge = entrance.edge();
    if (edge != null) {
      edge(json.putObject("edge-checks"), edge);
    }
    ArrayNode rules = json.putArray("rules");
    RuleForecast forecast = entrance.rules();
    for (RuleOutlook each : forecast.rules()) {
      ObjectNode rule = rules.addObject();
      rule(rule, each);
      rule.put("diverts", forecast.follows(each));
      rule.put("may-divert", forecast.perhaps().contains(each.rule().name()));
    }
  }

  private static void edge(ObjectNode json, EdgeOutlook of) {
    json.put("name", of.name());
    json.put("exempt", of.exempt());
    json.put("refuse-at", Spelled.of(of.refuseAt()));
    ArrayNode checks = json.putArray("checks");
    for (EdgeOutlook.Look each : of.checks()) {
      checks
          .addObject()
          .put("check", each.check().phrase())
          .put("action", each.action())
          .put("looks-at", each.about());
    }
  }

  private static void rule(ObjectNode json, RuleOutlook of) {
    json.put("name", of.rule().name());
    json.put("at", Spelled.of(of.rule().at()));
    json.put("then", of.rule().then().key());
    json.put("dry-run", of.rule().dryRun());
    json.put("outcome", Spelled.of(of.course()));
    json.put("detail", of.detail());
  }
}
