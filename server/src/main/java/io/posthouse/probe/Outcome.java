package io.posthouse.probe;

import io.posthouse.door.ProbeReport;
import io.posthouse.door.ProbeReport.Line;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.Introduction;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one probe came to and what was said. */
record Outcome(
    ProbeResult result,
    List<Line> dialogue,
    @Nullable CertificateChain certificates,
    Introduction introduction) {
  static Outcome of(ProbeResult result, DialogueLog log) {
    return new Outcome(result, log.lines(), null, Introduction.NONE);
  }

  /** What a probe came to of which nothing was heard. */
  static Outcome of(ProbeResult result) {
    return new Outcome(result, List.of(), null, Introduction.NONE);
  }

  /** The same for those who asked. */
  ProbeReport report(ProbeOrder order, Instant at, Duration took) {
    return new ProbeReport(order.monitor().name(), at, took, result, dialogue, certificates);
  }
}
