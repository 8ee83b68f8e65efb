package io.posthouse.config;

import io.posthouse.model.Configuration;
import io.posthouse.model.DataGroup;
import io.posthouse.model.Rule;
import io.posthouse.model.RuleAction;
import io.posthouse.model.RuleEvent;
import io.posthouse.model.Spelled;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.rules.RuleEngine;
import io.posthouse.rules.RuleEngine.Reading;
import io.posthouse.rules.RuleReply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks rules: that their conditions are good, that they do one thing, and that it can be done at
 * their event and in the mode of their virtual servers.
 */
final class RuleChecks {
  /** CEL repeats what it does not understand. */
  private static final int LONGEST_MESSAGE = 300;

  private final Draft draft;
  private final Places places;
  private final Configuration configuration;
  private final Map<String, Reading> conditions;
  private final List<String> lines;

  private RuleChecks(Draft draft, Map<String, Reading> conditions, String text) {
    this.draft = draft;
    this.places = draft.places();
    this.configuration = draft.configuration();
    this.conditions = conditions;
    this.lines = text.lines().toList();
  }

  /** Reads the conditions of all rules; of a rule that cannot be read there is none. */
  static Map<String, Reading> read(Draft draft) {
    Map<String, Reading> conditions = new HashMap<>();
    for (Rule rule : draft.configuration().rules().values()) {
      String path = path(rule);
      if (draft.places().good(path + ".at") && draft.places().good(path + ".when")) {
        conditions.put(rule.name(), RuleEngine.cel().read(rule.at(), rule.when()));
      }
    }
    return conditions;
  }

  /**
   * Checks.
   *
   * @param conditions what {@link #read} gave
   * @param text the file's text, for the places of problems within conditions
   */
  static void check(Draft draft, Map<String, Reading> conditions, String text) {
    RuleChecks checks = new RuleChecks(draft, conditions, text);
    checks.configuration.rules().values().forEach(checks::rule);
    checks.configuration.virtualServers().values().forEach(checks::server);
  }

  private static String path(Rule rule) {
    return Places.path("rules", rule.name());
  }

  private void rule(Rule rule) {
    Reading condition = conditions.get(rule.name());
    if (condition != null) {
      condition(rule, condition);
    }
    String then = path(rule) + ".then";
    if (places.good(then)) {
      action(rule, then);
    }
  }

  // ---- conditions

  private void condition(Rule rule, Reading condition) {
    String path = path(rule) + ".when";
    for (RuleEngine.Problem each : condition.problems()) {
      String message = Words.shorten(each.message(), LONGEST_MESSAGE);
      draft.problems().error(place(path, rule.when(), each.at()), path, message);
    }
    for (RuleEngine.Group each : condition.groups()) {
      DataGroup group = configuration.dataGroups().get(each.name());
      Place at = place(path, rule.when(), each.at());
      if (group == null) {
        draft.problems().error(at, path, unknown(each));
      } else if (group.type() != each.type() && isKnown(group)) {
        draft.problems().error(at, path, mistyped(each));
      }
    }
  }

  private boolean isKnown(DataGroup group) {
    return places.trusted(Places.path(Places.path("data-groups", group.name()), "type"));
  }

  private String unknown(RuleEngine.Group asked) {
    List<String> fit =
        configuration.dataGroups().values().stream()
            .filter(each -> each.type() == asked.type())
            .map(DataGroup::name)
            .toList();
    return "there is no data group "
        + Words.quote(asked.name())
        + "; "
        + Words.remedy(asked.name(), fit);
  }

  private static String mistyped(RuleEngine.Group asked) {
    String group = "the data group " + Words.quote(asked.name());
    return asked.type() == DataGroup.Type.ADDRESS
        ? group + " holds domains; for a client name one of addresses"
        : group + " holds addresses; for a sender or recipient name one of type: domain";
  }

  /**
   * Where a character of a text stands in the file: exactly, where everything before it stands
   * there as it is; where quotes or a folded text have changed it, where the text begins.
   */
  private Place place(String path, String text, int at) {
    Place start = places.value(path);
    if (start.line() > lines.size()) {
      return start;
    }
    String line = lines.get(start.line() - 1);
    int from = start.column() - 1;
    if (line.codePointCount(0, line.length()) <= from) {
      return start;
    }
    String rest = line.substring(line.offsetByCodePoints(0, from));
    int quote = rest.startsWith("\"") || rest.startsWith("'") ? 1 : 0;
    int length = Math.min(at, text.codePointCount(0, text.length()));
    String before = text.substring(0, text.offsetByCodePoints(0, length));
    return rest.startsWith(before, quote)
        ? new Place(start.line(), start.column() + quote + length)
        : start;
  }

  // ---- actions

  private void action(Rule rule, String path) {
    List<String> given = given(path);
    if (given.size() != 1 && places.trusted(path)) {
      String keys = "accept, close, log, refuse, pool, snat, client-class or limit";
      draft.error(
          path,
          given.isEmpty()
              ? "does nothing; write one of " + keys
              : "does more than one thing; write a rule for each of " + String.join(", ", given));
      return;
    }
    for (String key : List.of("pool", "snat", "client-class")) {
      String its = Places.path(path, key);
      if (places.written(its) && places.good(path(rule) + ".at") && !rule.at().choosesMember()) {
        draft.errorAtKey(
            its,
            "at "
                + Spelled.of(rule.at())
                + " the message has its member already; choose at connect, hello or mail");
      }
    }
    values(rule, path);
  }

  private List<String> given(String path) {
    List<String> given = new ArrayList<>();
    for (String key : List.of("verdict", "refuse", "pool", "snat", "client-class", "limit")) {
      if (places.written(Places.path(path, key))) {
        given.add(key);
      }
    }
    return given;
  }

  private void values(Rule rule, String path) {
    RuleAction then = rule.then();
    String refuse = Places.path(path, "refuse");
    String text = then.refuse();
    if (text != null && places.good(refuse) && places.good(path(rule) + ".at")) {
      RuleReply.problem(rule.at(), text)
          .ifPresent(problem -> draft.error(refuse, Words.quote(text) + " " + problem));
    }
    if ("none".equals(then.snat())) {
      draft.error(
          Places.path(path, "snat"),
          "clients' own addresses are for whole classes; write snat: none there, and client-class"
              + " here");
    }
    RuleAction.RuleLimit limit = then.limit();
    String its = Places.path(path, "limit");
    if (limit != null
        && limit.perMinute() == 0
        && limit.perMinutePerClient() == 0
        && places.good(its)) {
      draft.error(its, "limits nothing; write per-minute or per-minute-per-client");
    }
  }

  // ---- modes

  private void server(VirtualServer server) {
    String path = Places.path("virtual-servers", server.name());
    if (!places.good(path + ".mode") || server.mode() != Mode.TCP) {
      return;
    }
    for (int i = 0; i < server.rules().size(); i++) {
      Rule rule = configuration.rules().get(server.rules().get(i));
      String item = places.item(path + ".rules", i);
      if (rule == null || !places.good(path(rule) + ".at")) {
        continue;
      }
      if (rule.at() != RuleEvent.CONNECT) {
        draft.error(
            item,
            "mode tcp does not speak SMTP, so nothing happens at "
                + Spelled.of(rule.at())
                + " in it; name rules at connect, or write mode: smtp");
      } else if (rule.then().refuse() != null) {
        draft.error(
            item, "mode tcp does not speak SMTP and cannot say why it refuses; write then: close");
      }
    }
  }
}
