package io.posthouse.admin;

import io.posthouse.audit.Audit;
import io.posthouse.audit.Finding;
import io.posthouse.audit.LiveAuditor;
import io.posthouse.audit.Tried;
import io.posthouse.model.Spelled;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an audit found, as JSON. */
public final class AuditJson {
  private AuditJson() {}

  /** The same with what Exchange servers must be told. */
  public static ObjectNode of(Audit audit, List<String> exchange) {
    ObjectNode json = of(audit);
    exchange.forEach(json.putArray("exchange")::add);
    return json;
  }

  /** Whom there is to ask. */
  static ObjectNode of(LiveAuditor.Plan plan) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    plan.targets().forEach(json.putArray("targets")::add);
    plan.notes().forEach(json.putArray("notes")::add);
    return json;
  }

  /** The answers of one target, and what they come to. */
  static ObjectNode of(LiveAuditor.Answers answers) {
    ObjectNode json = of(answers.audit());
    ArrayNode tried = json.putArray("tried");
    for (Tried each : answers.tried()) {
      tried
          .addObject()
          .put("pattern", each.pattern().name())
          .put("sender", each.pattern().sender())
          .put("recipient", each.pattern().recipient())
          .put("outcome", Spelled.of(each.outcome()))
          .put("said", each.said());
    }
    return json;
  }

  /** The whole answer; {@code open} is how many nobody has accepted. */
  public static ObjectNode of(Audit audit) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("open", audit.open().size());
    ArrayNode findings = json.putArray("findings");
    audit.findings().forEach(finding -> findings.add(of(finding)));
    ArrayNode stale = json.putArray("stale");
    audit
        .stale()
        .forEach(each ->
            stale.addObject().put("finding", Spelled.of(each.finding())).put("of", each.of()));
    return json;
  }

  private static ObjectNode of(Finding finding) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("finding", Spelled.of(finding.kind()));
    json.put("of", finding.subject());
    json.put("heading", Spelled.of(finding.heading()));
    json.put("severity", Spelled.of(finding.severity()));
    if (!finding.key().isEmpty()) {
      json.put("key", finding.key());
    }
    if (finding.line() > 0) {
      json.put("line", finding.line());
    }
    json.put("problem", finding.problem());
    json.put("harm", finding.harm());
    json.put("remedy", finding.remedy());
    ArrayNode commands = json.putArray("commands");
    finding.commands().forEach(commands::add);
    if (finding.accepted() != null) {
      json.put("accepted", finding.accepted());
    }
    return json;
  }
}
