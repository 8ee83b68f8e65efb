package io.posthouse.metrics;

import io.posthouse.door.Status;
import io.posthouse.door.StatusView;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The text of /metrics: the status, and the process itself. */
public final class Exposition {
  private final StatusView view;
  private final InstantSource clock;
  private final LongSupplier eventsDropped;
  private final LongSupplier directMemoryUsed;

  /**
   * Takes what is measured.
   *
   * @param eventsDropped events lost by the log since the start
   * @param directMemoryUsed octets of direct memory that the data plane holds now
   */
  public Exposition(
      StatusView view,
      InstantSource clock,
      LongSupplier eventsDropped,
      LongSupplier directMemoryUsed) {
    this.view = view;
    this.clock = clock;
    this.eventsDropped = eventsDropped;
    this.directMemoryUsed = directMemoryUsed;
  }

  /** Everything as it is now, in the Prometheus text format, version 0.0.4. */
  public String text() {
    Status status = view.status();
    Families families = new Families();
    Labels none = Labels.EMPTY;
    families.gauge(
        "posthouse_configuration_generation",
        "Number of the configuration in effect, from 1",
        status.generation(),
        none);
    families.gauge(
        "posthouse_uptime_seconds",
        "Time since the process started",
        Duration.between(status.started(), clock.instant()).toMillis() / 1000.0,
        none);
    StatusMetrics.add(families, status);
    ProcessMetrics.add(families);
    families.gauge(
        "posthouse_direct_memory_used_bytes",
        "Direct memory held by the data plane",
        directMemoryUsed.getAsLong(),
        none);
    families.counter(
        "posthouse_events_dropped",
        "Events lost to a full queue or a full disk",
        eventsDropped.getAsLong(),
        none);
    return write(families);
  }

  private static String write(Families families) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(out, families.snapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
