package io.posthouse.irule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The events of a rule, and what else stands at its top.
 *
 * @param procs procedures, which events may call
 * @param complete whether nothing stands there that does not belong there
 */
record RuleEvents(List<Event> events, List<Event> procs, boolean complete) {
  static final String INIT = "RULE_INIT";
  private static final String ACCEPTED = "CLIENT_ACCEPTED";
  private static final List<TclCommand> NOTHING = List.of();

  /** What may stand beside events; bigip.conf has some of these. */
  private static final Set<String> BESIDE =
      Set.of(
          "priority",
          "timing",
          "nodelete",
          "nowrite",
          "partition",
          "app-service",
          "description",
          "metadata",
          "definition-signature",
          "definition-checksum",
          "signing-key",
          "verification-status");

  /** What happens at an event. */
  record Event(String name, int at, TclWord body) {}

  /** Reads what stands at the top of a rule, and tells what does not belong there. */
  static RuleEvents of(List<TclCommand> top, Findings findings) {
    List<Event> events = new ArrayList<>();
    List<Event> procs = new ArrayList<>();
    boolean complete = true;
    for (TclCommand command : top) {
      List<TclWord> words = command.words();
      String event = command.argument(1);
      if (command.is("when") && event != null && words.size() > 2 && words.getLast().braced()) {
        events.add(new Event(event, words.get(1).at(), words.getLast()));
      } else if (command.is("proc") && words.size() == 4) {
        procs.add(new Event("proc", command.at(), words.getLast()));
      } else if (command.is("when") || !BESIDE.contains(command.name())) {
        complete = false;
        findings.add(
            LintKind.OUTSIDE,
            command.at(),
            "this stands outside of any event, and BIG-IP takes no such rule",
            "Put it into when EVENT { ... }.");
      }
    }
    return new RuleEvents(List.copyOf(events), List.copyOf(procs), complete);
  }

  /** All that is looked at. */
  List<Event> all() {
    return Stream.concat(events.stream(), procs.stream()).toList();
  }

  /** Whether all of its events are those of other protocols than SMTP. */
  boolean onlyForeign() {
    List<Event> real = events.stream().filter(each -> !each.name().equals(INIT)).toList();
    return !real.isEmpty() && real.stream().allMatch(each -> TrafficLook.isForeign(each.name()));
  }

  /** What {@code RULE_INIT} sets, and nothing else in the rule. */
  Map<String, String> constants(TclReader reader, Values values) throws TclException {
    Map<String, String> constants = new HashMap<>();
    for (Event event : events) {
      for (TclCommand command : event.name().equals(INIT) ? reader.body(event.body()) : NOTHING) {
        String name = command.is("set") ? command.argument(1) : null;
        Set<String> all = name == null || !name.startsWith("static::") ? null : values.of(name);
        if (name != null && all != null && all.size() == 1) {
          constants.put(name, all.iterator().next());
        }
      }
    }
    return constants;
  }

  /**
   * The event of a new connection.
   *
   * @throws NotUnderstoodException when another one does something, too
   */
  Event only(DecisionReader decisions, int at) throws NotUnderstoodException, TclException {
    Event accepted = null;
    for (Event event : events) {
      if (event.name().equals(ACCEPTED)) {
        if (accepted != null) {
          throw new NotUnderstoodException(event.at(), "it has " + ACCEPTED + " twice");
        }
        accepted = event;
      } else if (!TrafficLook.isForeign(event.name()) && !decisions.isHarmless(event.body())) {
        throw new NotUnderstoodException(
            event.at(),
            "it also does something at "
                + Findings.quote(event.name())
                + ", and no client class does");
      }
    }
    if (accepted == null || !complete) {
      throw new NotUnderstoodException(
          at, accepted == null ? "it has no " + ACCEPTED : "not all of it stands in an event");
    }
    return accepted;
  }
}
