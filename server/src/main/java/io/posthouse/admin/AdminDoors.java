package io.posthouse.admin;

import io.posthouse.audit.LiveAuditor;
import io.posthouse.door.ConfigApplier;
import io.posthouse.door.EventSink;
import io.posthouse.door.MemberControl;
import io.posthouse.door.ProbeRunner;
import io.posthouse.door.ReportView;
import io.posthouse.door.StatusView;
import io.posthouse.door.Tracing;
import io.posthouse.door.Why.Explainer;
import io.posthouse.dsr.DsrChecker;
import io.posthouse.path.PathTester;
import java.util.function.BooleanSupplier;

/**
 * What the API reads and moves.
 *
 * @param ready whether every address is bound that should be, and the process is not about to end
 */
public record AdminDoors(
    StatusView status,
    MemberControl control,
    ConfigApplier configuration,
    ProbeRunner probes,
    Explainer explainer,
    LiveAuditor auditor,
    PathTester paths,
    DsrChecker dsr,
    Tracing tracing,
    ReportView report,
    Metrics metrics,
    BooleanSupplier ready,
    EventSink events) {

  /** The text of /metrics. */
  @FunctionalInterface
  public interface Metrics {
    /** Everything that is measured, in the Prometheus text format, version 0.0.4. */
    String text();
  }
}
