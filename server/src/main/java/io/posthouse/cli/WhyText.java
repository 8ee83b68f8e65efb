package io.posthouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** What becomes of a client on one virtual server, in words. */
final class WhyText {
  private final JsonNode answer;
  private final JsonNode server;
  private final JsonNode in;

  WhyText(JsonNode answer, JsonNode server) {
    this.answer = answer;
    this.server = server;
    this.in = server.path("class");
  }

  /** The verdict, in one line. */
  String head() {
    boolean admitted = text(server, "verdict").equals("admitted");
    StringJoiner listen = new StringJoiner(", ");
    server.path("listen").forEach(address -> listen.add(address.asString()));
    String verdict =
        admitted
            ? "lets %s in".formatted(text(answer, "client"))
            : "refuses %s: %s".formatted(text(answer, "client"), text(server, "reason"));
    return "%s (mode %s, %s) %s"
        .formatted(text(server, "name"), text(server, "mode"), listen, verdict);
  }

  /** What is known, a line each. */
  Table facts() {
    Table table = new Table("", "");
    if (in.isObject()) {
      table.row("class", text(in, "name") + ", " + by());
    }
    row(table, "not of", missed());
    row(table, "by rules", byRules());
    row(table, "beware", beware());
    if (in.isObject()) {
      table.row(
          "pool", text(server, "pool") + ", " + text(server, "balance") + ", " + persistence());
      table.row("source", source());
      table.row("members hear", announce());
      row(table, "must use", demands());
      row(table, "limits", limits());
      table.row("may send to", right());
      row(table, "sender", sender());
      row(table, "recipient", recipient());
      row(table, "edge checks", edge());
    }
    return table;
  }

  private String edge() {
    JsonNode edge = server.path("edge-checks");
    String name = text(edge, "name");
    String exempt = text(edge, "exempt");
    if (name.isEmpty()) {
      return "";
    }
    return exempt.isEmpty()
        ? "%s, told at %s".formatted(name, text(edge, "refuse-at"))
        : "none of %s: %s".formatted(name, exempt);
  }

  /** The edge checks that it undergoes; no rows where there are none. */
  Table checks() {
    Table table = new Table("CHECK", "ACTION", "LOOKS AT");
    for (JsonNode each : server.path("edge-checks").path("checks")) {
      table.row(text(each, "check"), text(each, "action"), text(each, "looks-at"));
    }
    return table;
  }

  /** What rules would do, in the order in which they are asked; no rows where there are none. */
  Table rules() {
    Table table = new Table("RULE", "AT", "THEN", "FOR THIS CLIENT");
    for (JsonNode each : server.path("rules")) {
      String dry = each.path("dry-run").asBoolean() ? ", but is a dry run" : "";
      table.row(text(each, "name"), text(each, "at"), text(each, "then"), outcome(each) + dry);
    }
    return table;
  }

  private static String outcome(JsonNode rule) {
    String detail = text(rule, "detail");
    String more = detail.isEmpty() ? "" : ": " + detail;
    return switch (text(rule, "outcome")) {
      case "fires" -> "fires" + more;
      case "does-not-fire" -> "does not fire";
      case "depends" -> "depends on " + detail;
      case "fails" -> "cannot be evaluated, which refuses for now" + more;
      default -> "not asked" + more;
    };
  }

  private static void row(Table table, String what, String text) {
    if (!text.isEmpty()) {
      table.row(what, text);
    }
  }

  private String by() {
    String group = text(in, "group");
    return group.equals("any")
        ? "which is everybody's"
        : "by %s in %s (%s)".formatted(text(in, "entry"), group, text(in, "place"));
  }

  /** The classes that were asked before. */
  private String missed() {
    StringJoiner missed = new StringJoiner("; ");
    for (JsonNode each : server.path("missed")) {
      StringJoiner from = new StringJoiner(", ");
      each.path("from").forEach(group -> from.add(group.asString()));
      missed.add("%s (%s)".formatted(text(each, "class"), from));
    }
    return missed.toString();
  }

  /** What rules choose in place of its class; the other lines follow that. */
  private String byRules() {
    StringJoiner chosen = new StringJoiner("; ");
    for (JsonNode each : server.path("rules")) {
      if (each.path("diverts").asBoolean()) {
        String what =
            switch (text(each, "then")) {
              case "pool" -> "pool ";
              case "snat" -> "source ";
              default -> "treated as ";
            };
        chosen.add("%s%s (%s)".formatted(what, text(each, "detail"), text(each, "name")));
      }
    }
    return chosen.toString();
  }

  private String beware() {
    JsonNode believe = server.path("believe");
    List<String> notes = new ArrayList<>();
    boolean expected = believe.path("proxy-expected").asBoolean();
    if (expected && believe.path("proxy").asBoolean()) {
      notes.add("its links must begin with a PROXY header; this is about the address in that");
    } else if (expected) {
      notes.add(
          "a link straight from it is closed: it is none of believe.proxy; this is about it behind one"
              + " of those");
    }
    if (believe.path("xclient").asBoolean()) {
      notes.add("its XCLIENT is believed, and makes it another client");
    }
    for (JsonNode each : server.path("rules")) {
      if (each.path("may-divert").asBoolean()) {
        notes.add(
            "should rule %s fire, these lines may be otherwise".formatted(text(each, "name")));
      }
    }
    if (answer.has("generation") && in.isObject() && !hasNext()) {
      notes.add("no member can take its work at this moment");
    }
    return String.join("; ", notes);
  }

  private boolean hasNext() {
    for (JsonNode each : server.path("members")) {
      if (each.path("turn").asInt() > 0) {
        return true;
      }
    }
    return false;
  }

  private String persistence() {
    String by = text(server, "persistence");
    return by.equals("none") ? "no persistence" : "persistence by " + by;
  }

  private String source() {
    JsonNode source = server.path("source");
    String ipv4 = text(source, "ipv4");
    String ipv6 = text(source, "ipv6");
    String addresses = ipv4.isEmpty() || ipv6.isEmpty() ? ipv4 + ipv6 : ipv4 + ", " + ipv6;
    return switch (text(source, "by")) {
      case "kernel" -> "automap: the kernel's choice by its route; posthouse status shows it";
      case "client" -> addresses + ", its own (transparent)";
      default ->
          text(source, "snat").equals(addresses)
              ? addresses
              : addresses + ", of SNAT pool " + text(source, "snat");
    };
  }

  private String announce() {
    return switch (text(server, "announce")) {
      case "none" -> "nothing of the client";
      case "header" -> "its address in a Received header of each message";
      case "xclient" -> "its address by XCLIENT";
      default -> "its address by a PROXY header (%s)".formatted(text(server, "announce"));
    };
  }

  private String demands() {
    List<String> demands = new ArrayList<>();
    for (String key : List.of("tls", "auth")) {
      if (text(server, key).equals("required")) {
        demands.add(key.toUpperCase(Locale.ROOT));
      }
    }
    return demands.isEmpty() ? "" : String.join(" and ", demands) + ", before MAIL";
  }

  private String limits() {
    StringJoiner limits = new StringJoiner("; ");
    for (JsonNode each : server.path("limits")) {
      String now = each.has("now") ? " (%s now)".formatted(text(each, "now")) : "";
      limits.add(text(each, "key") + " " + text(each, "most") + now);
    }
    return limits.toString();
  }

  private String right() {
    return switch (text(server.path("relay"), "right")) {
      case "any" -> "anybody";
      case "server" -> "whom the members let it";
      case "none" -> "nobody, before it has logged in" + behind();
      case String group -> "the domains in " + group + behind();
    };
  }

  /** What holds beside a restricted right. */
  private String behind() {
    JsonNode relay = server.path("relay");
    String after = text(relay, "after-auth");
    if (text(server, "mode").equals("tcp")) {
      return "; but mode tcp reads no recipients, so the members decide";
    } else if (after.equals(text(relay, "right"))) {
      return "";
    }
    return switch (after) {
      case "any" -> "; anybody once it has logged in";
      case "server" -> "; whom the members let it once it has logged in";
      case "none" -> "; nobody once it has logged in";
      default -> "; the domains in " + after + " once it has logged in";
    };
  }

  private String sender() {
    if (!answer.has("sender")) {
      return "";
    }
    String address = "<" + text(answer, "sender") + ">";
    return server.has("scope")
        ? address + " is " + text(server, "scope")
        : address + ": mode tcp reads no senders";
  }

  private String recipient() {
    JsonNode relay = server.path("relay");
    String verdict =
        switch (text(relay, "verdict")) {
          case "accepted" -> "is accepted: ";
          case "refused" -> "is refused: ";
          case "members-decide" -> "is for the members to decide: ";
          default -> "";
        };
    return verdict.isEmpty()
        ? ""
        : "<" + text(answer, "recipient") + "> " + verdict + text(relay, "reason");
  }

  /** The members, those that may be next first; no rows for a client that is refused. */
  Table members() {
    Table table = new Table("NEXT", "MEMBER", "ADDRESS", "STATE", "EFFECTIVE", "SOURCE", "WHY");
    for (JsonNode each : server.path("members")) {
      String turn = text(each, "turn");
      table.row(
          turn.equals("0") ? "-" : turn,
          text(each, "name"),
          text(each, "address"),
          text(each, "state"),
          text(each, "effective-state"),
          each.path("source").asString("-"),
          text(each, "why"));
    }
    return table;
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }
}
