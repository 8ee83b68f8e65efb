package io.posthouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What an audit found, in words. */
final class AuditText {
  private final JsonNode answer;

  AuditText(JsonNode answer) {
    this.answer = answer;
  }

  /** All of it, wrapped to a width but for commands; 0: not wrapped. */
  List<String> lines(int columns) {
    List<String> lines = new ArrayList<>();
    String heading = "";
    for (JsonNode finding : answer.path("findings")) {
      if (!text(finding, "heading").equals(heading)) {
        heading = text(finding, "heading");
        lines.add(title(heading));
        lines.add("");
      }
      lines.add(head(finding));
      lines.addAll(facts(finding).linesWithoutHeads(columns));
      if (!finding.has("accepted")) {
        finding.path("commands").forEach(line -> lines.add("    " + line.asString("")));
      }
      lines.add("");
    }
    answer.path("notes").forEach(each -> lines.add("not asked: " + each.asString("")));
    answer.path("stale").forEach(each -> lines.add(stale(each)));
    lines.add(sum());
    return lines;
  }

  private static String title(String heading) {
    return switch (heading) {
      case "relay" -> "RELAY: who may send to whom";
      case "snat" -> "SNAT: the addresses that members see";
      case "method" -> "METHOD: how work is spread";
      case "priority" -> "PRIORITY: weights and priority groups";
      case "probes" -> "PROBES: how members are asked";
      default -> heading.toUpperCase(Locale.ROOT);
    };
  }

  private static String head(JsonNode finding) {
    String line = text(finding, "line");
    return "%s  %s of \"%s\"%s"
        .formatted(
            finding.has("accepted")
                ? "accepted"
                : text(finding, "severity").toUpperCase(Locale.ROOT),
            text(finding, "finding"),
            text(finding, "of"),
            line.isEmpty() ? "" : "  (line %s, %s)".formatted(line, text(finding, "key")));
  }

  private static Table facts(JsonNode finding) {
    Table table = new Table("", "");
    table.row("  what", text(finding, "problem"));
    if (finding.has("accepted")) {
      table.row("  meant", text(finding, "accepted"));
      return table;
    }
    table.row("  so", text(finding, "harm"));
    table.row("  do", text(finding, "remedy"));
    if (!finding.path("commands").isEmpty()) {
      table.row("  with", "Exchange as members, in its Management Shell:");
    }
    return table;
  }

  private static String stale(JsonNode each) {
    return "audit.accept has %s of \"%s\", which is not found any more; remove it"
        .formatted(text(each, "finding"), text(each, "of"));
  }

  private String sum() {
    int open = answer.path("open").asInt();
    int accepted = answer.path("findings").size() - open;
    return "%s%s"
        .formatted(
            open == 0 ? "nothing found" : open == 1 ? "1 finding" : open + " findings",
            accepted == 0 ? "" : ", and " + accepted + " accepted");
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }
}
