package io.posthouse.cli;

import java.util.StringJoiner;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Shows virtual servers, pools and members. */
@Command(
    name = "status",
    description = {
      "Show virtual servers, pools and members of a running Posthouse.",
      "",
      "STATE is what the administrator set, EFFECTIVE what health says.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:something is shown",
      "1:Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class StatusCommand extends ClientCommand {
  StatusCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    ApiReply reply = api.get("/api/v1/status");
    if (!printedJson(reply)) {
      JsonNode status = reply.json();
      print(virtualServers(status));
      print("");
      printIfAny(classes(status));
      printIfAny(edgeChecks(status));
      printIfAny(rules(status));
      printIfAny(certificates(status));
      print(pools(status));
      print("");
      print(members(status));
      print("");
      printIfAny(sources(status));
      printIfAny(sourcePorts(status));
      printIfAny(groups(status));
      print(
          "Configuration %d, running since %s"
              .formatted(status.path("generation").asLong(), time(status.path("started"))));
    }
    return 0;
  }

  private void printIfAny(Table table) {
    if (!table.isEmpty()) {
      print(table);
      print("");
    }
  }

  private static Table virtualServers(JsonNode status) {
    Table table =
        new Table(
            "VIRTUAL SERVER",
            "LISTENING",
            "POOL",
            "STATE",
            "EFFECTIVE",
            "LINKS",
            "SINCE",
            "REASON");
    for (JsonNode server : status.path("virtual-servers")) {
      StringJoiner listening = new StringJoiner(",");
      server.path("listening").forEach(address -> listening.add(address.asString()));
      table.row(
          text(server, "name"),
          listening.length() == 0 ? "-" : listening.toString(),
          text(server, "pool"),
          text(server, "state"),
          text(server, "effective-state"),
          text(server, "mode").equals("dsr") ? "-" : text(server.path("links"), "open"),
          time(server.path("since")),
          text(server, "reason"));
    }
    return table;
  }

  /** What the clients of each class did; no rows where no virtual server has classes. */
  private static Table classes(JsonNode status) {
    Table table =
        new Table(
            "VIRTUAL SERVER",
            "CLASS",
            "POOL",
            "LINKS",
            "TOTAL",
            "REFUSED LINKS",
            "MESSAGES",
            "REFUSED MESSAGES",
            "RELAY DENIED",
            "MOST LINKS");
    for (JsonNode server : status.path("virtual-servers")) {
      for (JsonNode each : server.path("classes")) {
        table.row(
            text(server, "name"),
            text(each, "name"),
            text(each, "pool"),
            text(each, "links-open"),
            text(each, "links"),
            text(each, "refused-links"),
            text(each, "messages"),
            text(each, "refused-messages"),
            text(each, "refused-recipients"),
            most(each.path("limits")));
      }
      strangers(table, server, "of-no-class", "of no class");
      strangers(table, server, "not-believed", "not believed");
    }
    return table;
  }

  /** What edge checks came to; no rows where there are none. */
  private static Table edgeChecks(JsonNode status) {
    Table table =
        new Table(
            "VIRTUAL SERVER", "CHECK", "LIST", "CLIENTS", "MATCHED", "UNANSWERED", "REFUSES US");
    for (JsonNode server : status.path("virtual-servers")) {
      for (JsonNode each : server.path("edge-checks")) {
        table.row(
            text(server, "name"),
            text(each, "check"),
            text(each, "list"),
            text(each, "asked"),
            text(each, "matched"),
            text(each, "unanswered"),
            text(each, "refusals"));
      }
    }
    return table;
  }

  private static Table rules(JsonNode status) {
    Table table = new Table("VIRTUAL SERVER", "RULE", "AT", "THEN", "FIRED", "FAILED", "DRY RUN");
    for (JsonNode server : status.path("virtual-servers")) {
      for (JsonNode each : server.path("rules")) {
        table.row(
            text(server, "name"),
            text(each, "name"),
            text(each, "at"),
            text(each, "then"),
            text(each, "fired"),
            text(each, "failed"),
            each.path("dry-run").asBoolean() ? "yes" : "");
      }
    }
    return table;
  }

  private static String most(JsonNode limits) {
    long all = limits.path("connections").asLong();
    long ofClient = limits.path("connections-per-client").asLong();
    String each = ofClient == 0 ? "" : ofClient + " per client";
    return all == 0 ? each : ofClient == 0 ? String.valueOf(all) : all + ", " + each;
  }

  /** Links that were refused before they had a class; no row for none. */
  private static void strangers(Table table, JsonNode server, String key, String shown) {
    String refused = text(server.path("links"), key);
    if (!refused.equals("0")) {
      table.row(text(server, "name"), "(" + shown + ")", "-", "-", "-", refused, "-", "-", "-", "");
    }
  }

  /** What clients are shown; no rows where nobody speaks TLS. */
  private static Table certificates(JsonNode status) {
    Table table = new Table("VIRTUAL SERVER", "TLS", "CERTIFICATE", "NAMES", "EXPIRES", "PROBLEM");
    for (JsonNode server : status.path("virtual-servers")) {
      JsonNode tls = server.path("tls");
      for (JsonNode each : tls.path("certificates")) {
        StringJoiner names = new StringJoiner(",");
        each.path("names").forEach(name -> names.add(name.asString()));
        table.row(
            text(server, "name"),
            text(tls, "mode"),
            text(each, "file"),
            names.toString(),
            time(each.path("not-after")),
            text(tls, "problem"));
      }
    }
    return table;
  }

  /** Data groups that have a file; the others change with the configuration only. */
  private static Table groups(JsonNode status) {
    Table table = new Table("DATA GROUP", "FILE", "ENTRIES", "PROBLEM");
    for (JsonNode group : status.path("data-groups")) {
      if (!text(group, "file").isEmpty()) {
        table.row(
            text(group, "name"),
            text(group, "file"),
            text(group, "entries"),
            text(group, "problem"));
      }
    }
    return table;
  }

  private static Table pools(JsonNode status) {
    Table table = new Table("POOL", "STATE", "EFFECTIVE", "MEMBERS", "WAITING", "SINCE", "REASON");
    for (JsonNode pool : status.path("pools")) {
      table.row(
          text(pool, "name"),
          text(pool, "state"),
          text(pool, "effective-state"),
          String.valueOf(pool.path("members").size()),
          text(pool, "waiting"),
          time(pool.path("since")),
          text(pool, "reason"));
    }
    return table;
  }

  private static Table members(JsonNode status) {
    Table table =
        new Table(
            "MEMBER",
            "ADDRESS",
            "STATE",
            "EFFECTIVE",
            "WEIGHT",
            "CONN",
            "TOTAL",
            "SINCE",
            "REASON");
    for (JsonNode pool : status.path("pools")) {
      for (JsonNode member : pool.path("members")) {
        String ramping = member.path("ramping").asBoolean() ? " (ramping)" : "";
        table.row(
            text(pool, "name") + "/" + text(member, "name"),
            text(member, "address"),
            text(member, "state"),
            text(member, "effective-state") + ramping,
            text(member, "weight") + share(member.path("pressure")),
            text(member, "connections"),
            text(member, "total-connections"),
            time(member.path("since")),
            text(member, "reason"));
      }
    }
    return table;
  }

  /** From where members are asked and what they see; no rows where none is asked. */
  private static Table sources(JsonNode status) {
    Table table = new Table("MEMBER", "FROM", "ADDRESS", "MEMBER SEES", "PROBLEM");
    for (JsonNode pool : status.path("pools")) {
      for (JsonNode member : pool.path("members")) {
        for (JsonNode each : member.path("sources")) {
          table.row(
              text(pool, "name") + "/" + text(member, "name"),
              text(each, "source"),
              each.path("address").asString("-"),
              each.path("seen").asString("-"),
              text(each, "problem"));
        }
      }
    }
    return table;
  }

  /** Ports towards members; no rows as long as more than half are left. */
  private static Table sourcePorts(JsonNode status) {
    Table table = new Table("SOURCE", "MEMBER ADDRESS", "PORTS", "OF", "EXHAUSTED IN");
    for (JsonNode use : status.path("source-ports")) {
      if (use.path("used").asLong() * 2 > use.path("capacity").asLong()) {
        JsonNode end = use.path("exhausted-in-ms");
        table.row(
            text(use, "source"),
            text(use, "member"),
            text(use, "used"),
            text(use, "capacity"),
            end.isNumber() ? end.asLong() / 1000 + " s" : "-");
      }
    }
    return table;
  }

  /** What pressure leaves of the weight, by whose mail it is; nothing where it leaves all. */
  private static String share(JsonNode pressure) {
    long inside = percent(pressure.path("inside"));
    long outside = percent(pressure.path("outside"));
    if (inside == outside) {
      return outside == 100 ? "" : " (%d %%)".formatted(outside);
    }
    return inside == 100
        ? " (%d %% outside)".formatted(outside)
        : " (%d %% inside, %d %% outside)".formatted(inside, outside);
  }

  private static long percent(JsonNode scope) {
    return Math.round(scope.path("weight-share").asDouble(1) * 100);
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }

  /** Seconds are enough for people. */
  private static String time(JsonNode instant) {
    return instant.asString("").replaceFirst("\\.[0-9]+Z$", "Z");
  }
}
