package io.posthouse.bench.compare;

import io.posthouse.bench.measure.RatioInterval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What was busy while one balancer had its rounds; medians over them.
 *
 * @param machine the share of all processors that was busy
 * @param balancer processors that the balancer used, 2.0 being two whole ones
 * @param busiestSink of the busier sink, which has one thread
 * @param client of the load client
 */
record Saturation(double machine, double balancer, double busiestSink, double client) {

  private static final double FULL = 0.9;

  static Saturation of(List<Usage> usage) {
    return new Saturation(
        median(usage, Usage::machineShare),
        median(usage, u -> u.balancer() / u.seconds()),
        median(usage, u -> u.busiestSink() / u.seconds()),
        median(usage, u -> u.client() / u.seconds()));
  }

  private static double median(List<Usage> usage, ToDoubleFunction<Usage> value) {
    return RatioInterval.median(usage.stream().mapToDouble(value).toArray());
  }

  /** What was at its limit: at nine tenths of what it could have. */
  String limits(int threads) {
    List<String> full = new ArrayList<>();
    if (machine >= FULL) {
      full.add("the machine");
    }
    if (balancer >= FULL * threads) {
      full.add("the balancer");
    }
    if (busiestSink >= FULL) {
      full.add("a sink");
    }
    if (client >= FULL * 2) {
      full.add("the load client");
    }
    return full.isEmpty() ? "nothing" : String.join(", ", full);
  }

  String text(int threads) {
    return String.format(
        Locale.ROOT,
        "machine %.0f %%, balancer %.2f CPUs, busier sink %.2f, load client %.2f; saturated: %s",
        machine * 100,
        balancer,
        busiestSink,
        client,
        limits(threads));
  }

  Map<String, Object> toMap(int threads) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("machine-share", machine);
    map.put("balancer-cpus", balancer);
    map.put("busier-sink-cpus", busiestSink);
    map.put("load-client-cpus", client);
    map.put("saturated", limits(threads));
    return map;
  }
}
