package io.posthouse.health;

import io.posthouse.model.Monitor;
import io.posthouse.policy.ProbeSource;
import io.posthouse.smtp.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the monitors of a member say, in one line; what is the same from several addresses is said
 * once. Addresses are named where the file lists any.
 */
final class MonitorReasons {
  private static final int MAX_LENGTH = 300;
  private static final int MAX_NAMED = 3;

  private MonitorReasons() {}

  /** The reasons of all that are in this state. */
  static String of(List<MonitorState> monitors, EffectiveState state) {
    Set<Monitor> listed =
        monitors.stream()
            .filter(monitor -> monitor.source().address() != null)
            .map(MonitorState::monitor)
            .collect(Collectors.toSet());
    Map<String, List<ProbeSource>> reasons = new LinkedHashMap<>();
    for (MonitorState each : monitors) {
      if (each.state() == state) {
        List<ProbeSource> from = reasons.computeIfAbsent(each.reason(), _ -> new ArrayList<>());
        if (listed.contains(each.monitor())) {
          from.add(each.source());
        }
      }
    }
    List<String> said = new ArrayList<>();
    reasons.forEach((reason, from) -> said.add(from.isEmpty() ? reason : from(from) + reason));
    return Printable.line(String.join("; ", said), MAX_LENGTH);
  }

  private static String from(List<ProbeSource> sources) {
    String named =
        sources.stream().limit(MAX_NAMED).map(String::valueOf).collect(Collectors.joining(", "));
    int more = sources.size() - MAX_NAMED;
    return "from " + named + (more > 0 ? " and %d more: ".formatted(more) : ": ");
  }
}
