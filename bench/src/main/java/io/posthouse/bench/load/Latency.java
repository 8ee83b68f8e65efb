package io.posthouse.bench.load;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A distribution of times, in milliseconds; all zero when nothing was recorded. */
public record Latency(long count, double mean, double p50, double p99, double max) {

  static Latency of(Histogram nanos) {
    return new Latency(
        nanos.getTotalCount(),
        nanos.getMean() / 1e6,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getMaxValue() / 1e6);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", count);
    map.put("mean", mean);
    map.put("p50", p50);
    map.put("p99", p99);
    map.put("max", max);
    return map;
  }
}
