package io.posthouse.audit;

import io.posthouse.audit.Flow.Right;
import io.posthouse.model.Endpoint;
import io.posthouse.model.FindingKind;
import io.posthouse.model.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Classes that members cannot tell apart, although one of them may send to more than the other.
 *
 * <p>Whoever may send to anybody has to be let through by the members, and those go by the address
 * that they see. So whatever else comes from that address is let through by them, too.
 */
final class SourceFindings {
  private final Audited audited;

  /** By the class that gains by it: those that it shares with. */
  private final Map<String, Shared> found = new LinkedHashMap<>();

  /** Rules that change the pool alone are no cause of their own. */
  private final Map<List<Object>, String> told = new HashMap<>();

  private SourceFindings(Audited audited) {
    this.audited = audited;
  }

  /** A class that comes from the addresses of others. */
  private static final class Shared {
    final Flow gains;
    final Map<String, Flow> from = new LinkedHashMap<>();
    final Set<String> addresses = new TreeSet<>();
    Severity severity = Severity.LOW;

    Shared(Flow gains) {
      this.gains = gains;
    }
  }

  /** The members of a class, and the addresses that each sees it come from. */
  private record Reach(Flow flow, Map<Endpoint, Set<String>> sources) {
    static Reach of(Flow flow, KernelChoice kernel) {
      Map<Endpoint, Set<String>> sources = new LinkedHashMap<>();
      flow.targets().forEach(target -> sources.put(target, flow.sources(target, kernel)));
      return new Reach(flow, sources);
    }

    /** The addresses that one member sees both come from. */
    Set<String> common(Reach other) {
      Set<String> common = new LinkedHashSet<>();
      sources.forEach((target, its) ->
          its.stream()
              .filter(other.sources.getOrDefault(target, Set.of())::contains)
              .forEach(common::add));
      return common;
    }
  }

  static List<Finding> of(Audited audited) {
    SourceFindings findings = new SourceFindings(audited);
    List<Reach> reaches =
        audited.flows().stream()
            .filter(Flow::isMasked)
            .sorted(Comparator.comparingInt(flow -> flow.rules().size()))
            .filter(distinct())
            .map(flow -> Reach.of(flow, audited.kernel()))
            .toList();
    for (Reach trusted : reaches) {
      for (Reach gains : reaches) {
        if (trusted.flow.right().compareTo(gains.flow.right()) < 0) {
          findings.pair(trusted.flow, gains.flow, trusted.common(gains));
        }
      }
    }
    return findings.found.values().stream().map(findings::finding).toList();
  }

  /** Members do not see through which virtual server, and by which rule, a class comes to them. */
  private static Predicate<Flow> distinct() {
    Set<List<Object>> seen = new HashSet<>();
    return flow ->
        seen.add(List.of(flow.className(), flow.right(), flow.pool().name(), flow.source()));
  }

  private void pair(Flow trusted, Flow gains, Set<String> common) {
    if (common.isEmpty()) {
      return;
    }
    List<Object> cause =
        List.of(trusted.className(), trusted.source(), gains.className(), gains.source());
    if (!told.computeIfAbsent(cause, _ -> gains.label()).equals(gains.label())) {
      return;
    }
    Shared shared = found.computeIfAbsent(gains.label(), _ -> new Shared(gains));
    shared.from.putIfAbsent(trusted.label(), trusted);
    shared.addresses.addAll(common);
    Severity severity = severity(trusted.right(), gains.right());
    if (severity.compareTo(shared.severity) < 0) {
      shared.severity = severity;
    }
  }

  /** The guard of mode smtp still refuses what the members would take. */
  private static Severity severity(Right trusted, Right gains) {
    if (trusted == Right.MEMBERS) {
      return Severity.LOW;
    }
    return gains == Right.MEMBERS ? Severity.HIGH : Severity.MEDIUM;
  }

  private Finding finding(Shared shared) {
    Flow gains = shared.gains;
    String others = String.join(", ", shared.from.keySet());
    String addresses = String.join(", ", shared.addresses);
    List<ExchangeConnector> connectors = new ArrayList<>();
    KernelChoice kernel = audited.kernel();
    shared
        .from
        .values()
        .forEach(flow -> connectors.addAll(ExchangeConnector.of(flow, kernel, Set.of())));
    connectors.addAll(ExchangeConnector.of(gains, kernel, shared.addresses));
    return Finding.of(
            FindingKind.SHARED_SOURCE,
            shared.severity,
            gains.label() + " with " + others,
            gains.key("snat"),
            "Members see %s and %s come from the same address, %s, although %s."
                .formatted(gains.label(), others, addresses, rights(gains, shared.severity)),
            harm(gains, others, shared.severity),
            remedy(shared))
        .withCommands(ExchangeConnector.commands(connectors));
  }

  private static String remedy(Shared shared) {
    String byRules =
        Stream.concat(Stream.of(shared.gains), shared.from.values().stream())
            .flatMap(flow -> flow.rules().stream())
            .map(Rule::name)
            .distinct()
            .collect(Collectors.joining(", "));
    return "Give %s a source address of its own (snat), which stands on no relay list of the members."
            .formatted(shared.gains.label())
        + (byRules.isEmpty()
            ? ""
            : " Conditions of rules are not asked: if that of %s leaves one of these classes out, accept the finding and say so."
                .formatted(byRules));
  }

  private static String rights(Flow gains, Severity severity) {
    return switch (severity) {
      case HIGH -> "the members alone decide on the recipients of " + gains.label();
      case MEDIUM -> gains.label() + " may not send to anybody";
      case LOW -> gains.label() + " may send to fewer";
    };
  }

  private static String harm(Flow gains, String others, Severity severity) {
    String groups =
        " Where the receive connector for that address is \"Externally secured\", distribution groups that"
            + " take authenticated senders only, which is the default, take mail of strangers, too.";
    return switch (severity) {
      case HIGH ->
          "Members that take foreign recipients from %s, by that address, take them from every client of %s: an open relay for all who are in it."
                  .formatted(others, gains.label())
              + groups;
      case MEDIUM ->
          "Posthouse refuses foreign recipients of %s, but to the members its mail is that of %s: no filter for spam, trust in its senders, and relaying as soon as anything but Posthouse uses the address."
                  .formatted(gains.label(), others)
              + groups;
      case LOW ->
          "Whatever the members allow that address for the sake of %s, they allow %s."
                  .formatted(others, gains.label())
              + groups;
    };
  }
}
