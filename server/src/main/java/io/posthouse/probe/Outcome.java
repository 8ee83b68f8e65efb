package io.posthouse.probe;

import io.posthouse.door.ProbeReport;
import io.posthouse.door.ProbeReport.Line;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.Introduction;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.Sighting;
import io.posthouse.model.Monitor;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one probe came to and what was said.
 *
 * @param local our own address on its connection; null where there was none
 */
record Outcome(
    ProbeResult result,
    List<Line> dialogue,
    @Nullable CertificateChain certificates,
    Introduction introduction,
    @Nullable InetAddress local) {
  static Outcome of(ProbeResult result, DialogueLog log) {
    return of(result, log, null);
  }

  /** What a probe came to that said nothing on its connection. */
  static Outcome of(ProbeResult result, DialogueLog log, @Nullable InetAddress local) {
    return new Outcome(result, log.lines(), null, Introduction.NONE, local);
  }

  /** What a probe came to of which nothing was heard. */
  static Outcome of(ProbeResult result) {
    return new Outcome(result, List.of(), null, Introduction.NONE, null);
  }

  /** The same for those who asked. */
  ProbeReport report(ProbeOrder order, Instant at, Duration took) {
    boolean program = order.monitor().type() == Monitor.Type.EXEC;
    Sighting sighting = program ? null : Sighting.of(order, local, introduction, result);
    return new ProbeReport(
        order.monitor().name(), at, took, result, dialogue, certificates, sighting);
  }
}
