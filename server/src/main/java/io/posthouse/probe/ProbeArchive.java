package io.posthouse.probe;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.ProbeReport;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The last report of each member and monitor, and what must be told of it once and not every time:
 * a misconfigured monitor, a certificate that expires, an address that a member sees instead of
 * ours. For the owner's thread only.
 */
final class ProbeArchive {
  private static final Duration EXPIRES_SOON = Duration.ofDays(14);
  private static final Duration TELL_AGAIN = Duration.ofDays(1);

  private static final Comparator<ProbeOrder> BY_NAME =
      Comparator.comparing((ProbeOrder order) -> order.monitor().name())
          .thenComparing(order -> order.source().toString());

  /** What was told of a certificate, and when. */
  private record Told(EventKind kind, Instant at) {}

  /** A member and one of its monitors, or the address that it is asked from. */
  private record Subject(String pool, String member, String name) {
    static Subject monitor(ProbeOrder order) {
      return new Subject(order.pool(), order.member(), order.monitor().name());
    }

    static Subject source(ProbeOrder order) {
      return new Subject(order.pool(), order.member(), order.source().toString());
    }
  }

  private final EventSink events;
  private final Map<ProbeOrder, ProbeReport> reports = new LinkedHashMap<>();
  private final Map<ProbeOrder, String> misconfigured = new LinkedHashMap<>();
  private final Map<Subject, Told> expiryTold = new HashMap<>();
  private final Map<Subject, String> mismatches = new HashMap<>();

  ProbeArchive(EventSink events) {
    this.events = events;
  }

  void keep(ProbeOrder order, ProbeReport report, Instant wall) {
    reports.put(order, report);
    if (report.result() instanceof ProbeResult.Inconclusive inconclusive) {
      String before = misconfigured.put(order, inconclusive.reason());
      if (!inconclusive.reason().equals(before)) {
        tell(EventKind.MONITOR_MISCONFIGURED, order, "reason", inconclusive.reason());
      }
    } else {
      misconfigured.remove(order);
    }
    if (report.sighting() != null) {
      compare(order, report.sighting());
    }
    Instant expires = report.certificateExpires();
    if (expires != null && expires.isBefore(wall.plus(EXPIRES_SOON))) {
      expiry(order, expires, wall);
    }
  }

  /** A sighting without an address that was seen says nothing, and changes nothing. */
  private void compare(ProbeOrder order, Sighting sighting) {
    Subject source = Subject.source(order);
    if (sighting.isMismatch()) {
      if (!sighting.problem().equals(mismatches.put(source, sighting.problem()))) {
        tell(EventKind.ADDRESS_TRANSLATED, order, "problem", sighting.problem());
      }
    } else if (sighting.seen() != null) {
      mismatches.remove(source);
    }
  }

  private void expiry(ProbeOrder order, Instant expires, Instant wall) {
    EventKind kind =
        expires.isBefore(wall) ? EventKind.CERTIFICATE_EXPIRED : EventKind.CERTIFICATE_EXPIRES;
    Subject monitor = Subject.monitor(order);
    Told told = expiryTold.get(monitor);
    if (told == null || told.kind() != kind || !wall.minus(TELL_AGAIN).isBefore(told.at())) {
      expiryTold.put(monitor, new Told(kind, wall));
      tell(kind, order, "expires", expires.toString());
    }
  }

  /**
   * The last report of each monitor of a member from each address, by their names, whichever came
   * first.
   */
  List<ProbeReport> of(String pool, String member) {
    return reports.entrySet().stream()
        .filter(each -> each.getKey().pool().equals(pool) && each.getKey().member().equals(member))
        .sorted(Map.Entry.comparingByKey(BY_NAME))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Forgets members and monitors that are no more. */
  void retain(Predicate<ProbeOrder> exists) {
    reports.keySet().removeIf(exists.negate());
    misconfigured.keySet().removeIf(exists.negate());
    expiryTold.keySet().retainAll(reports.keySet().stream().map(Subject::monitor).toList());
    mismatches.keySet().retainAll(reports.keySet().stream().map(Subject::source).toList());
  }

  private void tell(EventKind kind, ProbeOrder order, String key, String value) {
    events.emit(
        Event.of(
            kind,
            "pool",
            order.pool(),
            "member",
            order.member(),
            "monitor",
            order.monitor().name(),
            "source",
            order.source().toString(),
            key,
            value));
  }
}
