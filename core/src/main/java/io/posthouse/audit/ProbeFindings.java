package io.posthouse.audit;

import io.posthouse.model.FindingKind;
import io.posthouse.model.Member;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.Pool;
import io.posthouse.model.Spelled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Members that are asked too little or too seldom. */
final class ProbeFindings {
  private static final Duration SLOW = Duration.ofSeconds(60);

  private final Audited audited;

  private ProbeFindings(Audited audited) {
    this.audited = audited;
  }

  static List<Finding> of(Audited audited) {
    ProbeFindings findings = new ProbeFindings(audited);
    List<Finding> found = new ArrayList<>();
    for (Pool pool : audited.configuration().pools().values()) {
      findings.pool(pool).ifPresent(found::add);
    }
    for (Monitor monitor : audited.configuration().monitors().values()) {
      if (monitor.interval().compareTo(SLOW) > 0) {
        found.add(slow(monitor));
      }
    }
    return found;
  }

  private static Finding slow(Monitor monitor) {
    long interval = monitor.interval().toSeconds();
    return Finding.of(
        FindingKind.SLOW_PROBE,
        Severity.LOW,
        monitor.name(),
        KeyPath.of("monitors", monitor.name(), "interval"),
        "%s asks each member every %d s only.".formatted(monitor.name(), interval),
        "A member that fails keeps getting mail for up to %d s, until %d probes have failed."
            .formatted(interval * monitor.fall(), monitor.fall()),
        "Write interval: 10s, or 60s at most.");
  }

  /** How much of a member its monitors see. */
  private enum Sight {
    NOTHING,
    SHALLOW,
    INSIDE,
    ALL
  }

  private Optional<Finding> pool(Pool pool) {
    Sight least = Sight.ALL;
    Set<String> members = new LinkedHashSet<>();
    Set<String> monitors = new LinkedHashSet<>();
    for (Member member : pool.members().values()) {
      List<Monitor> its = monitors(pool, member);
      Sight sight =
          its.stream().map(ProbeFindings::sight).max(Sight::compareTo).orElse(Sight.NOTHING);
      if (sight.compareTo(least) < 0) {
        least = sight;
        members.clear();
        monitors.clear();
      }
      if (sight == least) {
        members.add(member.name());
        its.forEach(each -> monitors.add(told(each)));
      }
    }
    String whom =
        members.size() == pool.members().size()
            ? "the members of " + pool.name()
            : pool.name() + "/" + String.join(", ", members);
    return switch (least) {
      case ALL -> Optional.empty();
      case NOTHING -> Optional.of(unseen(pool, whom));
      case SHALLOW -> Optional.of(shallow(pool, whom, monitors));
      case INSIDE -> Optional.of(inside(pool, whom, monitors));
    };
  }

  private List<Monitor> monitors(Pool pool, Member member) {
    List<String> names = member.monitors() == null ? pool.monitors() : member.monitors();
    return names.stream()
        .map(audited.configuration().monitors()::get)
        .filter(Objects::nonNull)
        .toList();
  }

  private static String told(Monitor monitor) {
    return monitor.type() == Monitor.Type.SMTP
        ? monitor.name() + ", depth " + Spelled.of(monitor.depth())
        : monitor.name() + ", type " + Spelled.of(monitor.type());
  }

  /** Of a program nobody knows how much it sees. */
  private static Sight sight(Monitor monitor) {
    return switch (monitor.type()) {
      case TCP -> Sight.SHALLOW;
      case EXEC -> Sight.ALL;
      case SMTP -> {
        Monitor.Senders senders = monitor.senders();
        if (monitor.depth().compareTo(Depth.SENDER) < 0 || senders == null) {
          yield Sight.SHALLOW;
        }
        yield senders.outside() == null ? Sight.INSIDE : Sight.ALL;
      }
    };
  }

  private static Finding of(
      Pool pool, Severity severity, String problem, String harm, String remedy) {
    return Finding.of(
        FindingKind.SHALLOW_PROBE,
        severity,
        pool.name(),
        KeyPath.of("pools", pool.name(), "monitors"),
        problem,
        harm,
        remedy);
  }

  private static Finding unseen(Pool pool, String whom) {
    return of(
        pool,
        Severity.LOW,
        "No monitor asks " + whom + ".",
        "They count as up until mail fails at them; one that is back is found by mail, too.",
        "Name a monitor of type smtp with depth: recipient in monitors.");
  }

  private static Finding shallow(Pool pool, String whom, Set<String> monitors) {
    return of(
        pool,
        Severity.MEDIUM,
        "What asks %s (%s) stops before MAIL.".formatted(whom, String.join("; ", monitors)),
        "A server that greets and then refuses mail, such as an Exchange under back pressure (452 4.3.1 at MAIL), counts as up and keeps getting its share.",
        "Write depth: recipient there, with senders (inside and outside) and recipient.");
  }

  private static Finding inside(Pool pool, String whom, Set<String> monitors) {
    return of(
        pool,
        Severity.LOW,
        "What asks %s (%s) tries no outside sender.".formatted(whom, String.join("; ", monitors)),
        "Exchange under medium back pressure refuses outside senders alone, and nobody sees it before their mail does.",
        "Add senders.outside to the monitor, an address of a domain that is not yours, or \"\" for the null sender.");
  }
}
