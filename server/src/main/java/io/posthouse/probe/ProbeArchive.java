package io.posthouse.probe;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.ProbeReport;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The last report of each member and monitor, and what must be told of it once and not every time:
 * a misconfigured monitor, a certificate that expires. For the owner's thread only.
 */
final class ProbeArchive {
  private static final Duration EXPIRES_SOON = Duration.ofDays(14);
  private static final Duration TELL_AGAIN = Duration.ofDays(1);

  /** What was told of a certificate, and when. */
  private record Told(EventKind kind, Instant at) {}

  private final EventSink events;
  private final Map<ProbeOrder, ProbeReport> reports = new LinkedHashMap<>();
  private final Map<ProbeOrder, String> misconfigured = new LinkedHashMap<>();
  private final Map<ProbeOrder, Told> expiryTold = new LinkedHashMap<>();

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
    Instant expires = report.certificateExpires();
    if (expires != null && expires.isBefore(wall.plus(EXPIRES_SOON))) {
      expiry(order, expires, wall);
    }
  }

  private void expiry(ProbeOrder order, Instant expires, Instant wall) {
    EventKind kind =
        expires.isBefore(wall) ? EventKind.CERTIFICATE_EXPIRED : EventKind.CERTIFICATE_EXPIRES;
    Told told = expiryTold.get(order);
    if (told == null || told.kind() != kind || !wall.minus(TELL_AGAIN).isBefore(told.at())) {
      expiryTold.put(order, new Told(kind, wall));
      tell(kind, order, "expires", expires.toString());
    }
  }

  /** The last report of each monitor of a member. */
  List<ProbeReport> of(String pool, String member) {
    List<ProbeReport> found = new ArrayList<>();
    reports.forEach((order, report) -> {
      if (order.pool().equals(pool) && order.member().equals(member)) {
        found.add(report);
      }
    });
    return List.copyOf(found);
  }

  /** Forgets members and monitors that are no more. */
  void retain(Predicate<ProbeOrder> exists) {
    reports.keySet().removeIf(exists.negate());
    misconfigured.keySet().removeIf(exists.negate());
    expiryTold.keySet().removeIf(exists.negate());
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
            key,
            value));
  }
}
