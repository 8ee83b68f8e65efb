package io.posthouse.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects data points by metric, in the order in which metrics first come up. */
final class Families {
  private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
  private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();

  /** Adds a value that goes up and down. */
  void gauge(String name, String help, double value, Labels labels) {
    gauges
        .computeIfAbsent(name, n -> GaugeSnapshot.builder().name(n).help(help))
        .dataPoint(
            GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).labels(labels).build());
  }

  /** Adds a whole number that goes up and down. */
  void gauge(String name, String help, long value, Labels labels) {
    gauge(name, help, (double) value, labels);
  }

  /** Adds a whole number that only grows. */
  void counter(String name, String help, long value, Labels labels) {
    counter(name, help, (double) value, labels);
  }

  /** Adds a value that only grows; the format adds {@code _total} to the name. */
  void counter(String name, String help, double value, Labels labels) {
    counters
        .computeIfAbsent(name, n -> CounterSnapshot.builder().name(n).help(help))
        .dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder().value(value).labels(labels).build());
  }

  /** One gauge for each constant, 1 for the one that holds and 0 for the others. */
  void states(String name, String help, Enum<?> current, Labels labels) {
    for (Enum<?> state : current.getDeclaringClass().getEnumConstants()) {
      gauge(
          name,
          help,
          state == current ? 1 : 0,
          labels.add("state", io.posthouse.model.Spelled.of(state)));
    }
  }

  MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    gauges.values().forEach(gauge -> all.metricSnapshot(gauge.build()));
    counters.values().forEach(counter -> all.metricSnapshot(counter.build()));
    return all.build();
  }
}
