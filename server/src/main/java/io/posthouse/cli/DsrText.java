package io.posthouse.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a check of servers of mode dsr found, in words. */
final class DsrText {
  private final JsonNode servers;

  DsrText(JsonNode answer) {
    this.servers = answer.path("virtual-servers");
  }

  /** All of it, wrapped to a width; 0: not wrapped. */
  List<String> lines(int columns) {
    List<String> lines = new ArrayList<>();
    Table members =
        new Table("MEMBER", "OWN ADDRESS", "MAC", "ANSWER", "THROUGH THE VIP", "ANSWER");
    Table vips = new Table("VIRTUAL SERVER", "VIP", "HERE", "WHO ELSE ANSWERS FOR IT");
    Set<String> notes = new LinkedHashSet<>();
    for (JsonNode server : servers) {
      server.path("members").forEach(each -> members(members, text(server, "name"), each));
      server.path("vips").forEach(each -> vip(vips, server, each));
      server.path("notes").forEach(each -> notes.add(each.asString("")));
    }
    lines.addAll(members.lines(columns));
    lines.add("");
    lines.addAll(vips.lines(columns));
    lines.add("");
    for (JsonNode server : servers) {
      server.path("findings").forEach(each -> lines.addAll(finding(each, columns)));
    }
    Table held = new Table("", "");
    notes.forEach(each -> held.row("note", each));
    lines.addAll(held.linesWithoutHeads(columns));
    lines.add("");
    lines.add(summary());
    return lines;
  }

  private static void members(Table table, String server, JsonNode member) {
    JsonNode through = member.path("through");
    String name = server + "/" + text(member, "member");
    String mac = member.has("mac") ? text(member, "mac") : "-";
    if (through.isEmpty()) {
      table.row(name, text(member, "address"), mac, answer(member.path("own")), "-", "-");
    }
    for (JsonNode each : through) {
      table.row(
          name,
          text(member, "address"),
          mac,
          answer(member.path("own")),
          text(each, "vip"),
          answer(each));
    }
  }

  private static void vip(Table table, JsonNode server, JsonNode vip) {
    List<String> others = new ArrayList<>();
    vip.path("others").forEach(each -> others.add(each.asString("")));
    table.row(
        text(server, "name"),
        text(vip, "vip"),
        vip.path("here").asBoolean()
            ? "on %s, MTU %d".formatted(text(server, "device"), server.path("mtu").asInt())
            : "no",
        vip.has("not-asked")
            ? "not known"
            : others.isEmpty() ? "nobody" : String.join(", ", others));
  }

  private static List<String> finding(JsonNode finding, int columns) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s (%s)"
            .formatted(text(finding, "finding"), text(finding, "of"), text(finding, "severity")));
    Table facts = new Table("", "");
    facts.row("  what", text(finding, "problem"));
    facts.row("  clients", text(finding, "clients"));
    facts.row("  do", text(finding, "remedy"));
    lines.addAll(facts.linesWithoutHeads(columns));
    lines.add("");
    return lines;
  }

  private String summary() {
    int members = 0;
    int wrong = 0;
    int unknown = 0;
    for (JsonNode server : servers) {
      members += server.path("members").size();
      for (JsonNode each : server.path("findings")) {
        boolean note = text(each, "severity").equals("note");
        wrong += note ? 0 : 1;
        unknown += note ? 1 : 0;
      }
    }
    return "%s checked, %s%s"
        .formatted(
            count(members, "server"),
            wrong == 0 ? "nothing found" : count(wrong, "finding"),
            unknown == 0 ? "" : ", " + count(unknown, "thing") + " not known");
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** The greeting, or how it ended before. */
  private static String answer(JsonNode attempt) {
    return PathText.isConnected(attempt)
        ? "%s (%s)".formatted(text(attempt, "said"), PathText.millis(attempt, "connect-ms"))
        : text(attempt, "said");
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }
}
