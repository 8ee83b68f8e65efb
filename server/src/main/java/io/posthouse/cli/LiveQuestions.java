package io.posthouse.cli;

import io.posthouse.audit.Heading;
import io.posthouse.audit.LiveAuditor;
import io.posthouse.audit.Severity;
import io.posthouse.cli.ClientContext.Audited;
import io.posthouse.model.AuditSettings.Acceptance;
import io.posthouse.model.FindingKind;
import io.posthouse.model.Spelled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the running Posthouse, target by target, and puts what it says to what a file said. */
final class LiveQuestions {
  private static final String LIVE = "/api/v1/audit/live";

  private static final int BUSY = 429;
  private static final Duration TURN = Duration.ofSeconds(5);

  /** The server's own bound comes first. */
  private static final Duration PATIENCE = LiveAuditor.LONGEST.plusMinutes(1);

  private static final Comparator<JsonNode> ORDER =
      by("heading", Heading.values())
          .thenComparing(by("severity", Severity.values()))
          .thenComparing(by("finding", FindingKind.values()))
          .thenComparing(finding -> text(finding, "of"));

  private final ApiClient api;
  private final Audited audited;
  private final ClientContext context;
  private final ObjectNode answer;
  private final Consumer<String> progress;

  /** Questions to be asked; what they come to goes into the answer of the file. */
  LiveQuestions(ApiClient api, Audited audited, ClientContext context, Consumer<String> progress) {
    this.context = context;
    this.api = api;
    this.audited = audited;
    this.answer = audited.answer();
    this.progress = progress;
  }

  /**
   * Asks them all; a target that cannot be asked is a finding, and the others are asked all the
   * same.
   *
   * @throws CommandFailure when nobody says whom to ask; nothing was added then
   */
  void ask(String recipient) throws CommandFailure {
    JsonNode plan = api.get(LIVE).json();
    ArrayNode asked = answer.putArray("asked");
    List<JsonNode> findings = new ArrayList<>();
    answer.path("findings").forEach(findings::add);
    int targets = plan.path("targets").size();
    for (JsonNode target : plan.path("targets")) {
      String name = target.asString("");
      progress.accept(
          "asking %d of %d, for %d min at most: %s"
              .formatted(asked.size() + 1, targets, LiveAuditor.LONGEST.toMinutes(), name));
      ObjectNode its = asked.addObject().put("target", name);
      try {
        JsonNode said = api.good(inTurn(query(name, recipient))).json();
        its.set("tried", said.path("tried"));
        said.path("findings").forEach(finding -> findings.add(located(finding)));
      } catch (CommandFailure failure) {
        String why = String.valueOf(failure.getMessage());
        its.put("failed", why);
        findings.add(failed(name, why));
      }
    }
    findings.sort(ORDER);
    answer.set("findings", answer.arrayNode().addAll(findings));
    answer.put("open", findings.stream().filter(each -> !each.has("accepted")).count());
    plan.path("notes").forEach(answer.putArray("notes")::add);
    stale(findings);
  }

  /** The answer, when no other audit is asking any more. */
  private ApiReply inTurn(String query) throws CommandFailure {
    long began = context.ticker().nanos();
    while (true) {
      ApiReply reply = api.ask("POST", query, PATIENCE);
      boolean late = context.ticker().nanos() - began >= PATIENCE.toNanos();
      if (reply.status() != BUSY || late) {
        return reply;
      }
      progress.accept("another audit is asking; waiting for it");
      context.pause(TURN, "interrupted");
    }
  }

  private static String query(String target, String recipient) {
    return "%s?target=%s&recipient=%s"
        .formatted(LIVE, ApiClient.encode(target), ApiClient.encode(recipient));
  }

  /** With the line of its key; what runs may be of another file, where there is none. */
  private JsonNode located(JsonNode finding) {
    int line = audited.lines().applyAsInt(text(finding, "key"));
    if (line > 0 && finding instanceof ObjectNode whole) {
      whole.put("line", line);
    }
    return finding;
  }

  private ObjectNode failed(String target, String why) {
    ObjectNode finding = answer.objectNode();
    finding.put("finding", Spelled.of(FindingKind.NOT_TESTED));
    finding.put("of", target);
    finding.put("heading", Spelled.of(Heading.RELAY));
    finding.put("severity", Spelled.of(Severity.LOW));
    finding.put("problem", "It could not be asked: " + why);
    finding.put("harm", "It may relay, and nobody knows.");
    finding.put("remedy", "Do what the answer says, and ask again.");
    finding.putArray("commands");
    return finding;
  }

  /** Acceptances of what only live questions find, which they did not, although they were heard. */
  private void stale(List<JsonNode> findings) {
    for (Acceptance each : audited.meant()) {
      boolean fits =
          findings.stream()
              .filter(finding -> text(finding, "of").equals(each.of()))
              .anyMatch(finding ->
                  Stream.of(each.finding(), FindingKind.NOT_TESTED)
                      .anyMatch(kind -> Spelled.of(kind).equals(text(finding, "finding"))));
      if (each.finding().isLive() && !fits) {
        answer
            .withArray("stale")
            .addObject()
            .put("finding", Spelled.of(each.finding()))
            .put("of", each.of());
      }
    }
  }

  private static Comparator<JsonNode> by(String key, Enum<?>[] order) {
    List<String> words = Stream.of(order).map(Spelled::of).toList();
    return Comparator.comparingInt(finding -> words.indexOf(text(finding, key)));
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }
}
