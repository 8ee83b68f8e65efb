package io.posthouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What a path test found, in words. */
final class PathText {
  private final JsonNode answer;

  PathText(JsonNode answer) {
    this.answer = answer;
  }

  /** All of it, wrapped to a width; 0: not wrapped. */
  List<String> lines(int columns) {
    List<String> lines = new ArrayList<>();
    Table servers = servers();
    if (!servers.isEmpty()) {
      lines.addAll(servers.lines(columns));
      lines.add("");
      lines.add(
          "CONNECT FROM HERE says that the kernel of this machine takes connections there, and no more: no greeting was waited for, and no packet of a client was seen.");
      lines.add("");
    }
    lines.addAll(ways().lines(columns));
    lines.add("");
    for (JsonNode each : answer.path("findings")) {
      lines.add("%s: %s".formatted(text(each, "finding"), text(each, "of")));
      Table facts = new Table("", "");
      facts.row("  what", text(each, "problem"));
      facts.row("  do", text(each, "remedy"));
      lines.addAll(facts.linesWithoutHeads(columns));
      lines.add("");
    }
    int findings = answer.path("findings").size();
    lines.add(
        findings == 0 ? "nothing found" : findings == 1 ? "1 finding" : findings + " findings");
    return lines;
  }

  private Table servers() {
    Table table =
        new Table("VIRTUAL SERVER", "LISTEN", "LISTENING", "ADDRESS", "CONNECT FROM HERE");
    for (JsonNode server : answer.path("virtual-servers")) {
      for (JsonNode each : server.path("addresses")) {
        table.row(
            text(server, "name"),
            text(each, "listen"),
            each.path("listening").asBoolean() ? "yes" : "no",
            text(each, "where"),
            each.has("outcome") ? connect(each) : "-");
      }
    }
    return table;
  }

  private Table ways() {
    Table table = new Table("MEMBER", "ADDRESS", "FROM", "FOR", "CONNECT", "GREETING");
    for (JsonNode each : answer.path("ways")) {
      List<String> who = new ArrayList<>();
      each.path("for").forEach(one -> who.add(one.asString("")));
      boolean connected = isConnected(each);
      table.row(
          text(each, "pool") + "/" + text(each, "member"),
          text(each, "address"),
          text(each, each.has("source") ? "source" : "from"),
          String.join(", ", who),
          connect(each),
          connected && !text(each, "outcome").equals("connected")
              ? "%s (%s)".formatted(text(each, "said"), millis(each, "waited-ms"))
              : "-");
    }
    return table;
  }

  /** How the connect ended; what came after it is told elsewhere. */
  static String connect(JsonNode attempt) {
    return isConnected(attempt) ? millis(attempt, "connect-ms") : text(attempt, "said");
  }

  static boolean isConnected(JsonNode attempt) {
    return switch (text(attempt, "outcome")) {
      case "connected", "greeted", "silent", "closed", "reset", "nonsense", "no-tls" -> true;
      default -> false;
    };
  }

  static String millis(JsonNode of, String key) {
    return String.format(Locale.ROOT, "%.0f ms", Math.ceil(of.path(key).asDouble()));
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }
}
