package io.posthouse.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rounds of one scenario: each figure of both balancers, paired by round. */
final class Series {

  /** What one round gave for one balancer. */
  record Round(Map<Measure, Double> figures, List<Usage> usage, List<String> troubles) {}

  private final Scenario scenario;
  private final Map<Measure, List<Double>> posthouse = new EnumMap<>(Measure.class);
  private final Map<Measure, List<Double>> haproxy = new EnumMap<>(Measure.class);
  private final List<Usage> posthouseUsage = new ArrayList<>();
  private final List<Usage> haproxyUsage = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();

  Series(Scenario scenario) {
    this.scenario = scenario;
  }

  void add(Round ours, Round theirs) {
    ours.figures().forEach((measure, value) -> list(posthouse, measure).add(value));
    theirs.figures().forEach((measure, value) -> list(haproxy, measure).add(value));
    posthouseUsage.addAll(ours.usage());
    haproxyUsage.addAll(theirs.usage());
    ours.troubles().forEach(text -> troubles.add("Posthouse: " + text));
    theirs.troubles().forEach(text -> troubles.add("HAProxy: " + text));
  }

  private static List<Double> list(Map<Measure, List<Double>> map, Measure measure) {
    return map.computeIfAbsent(measure, ignored -> new ArrayList<>());
  }

  Scenario scenario() {
    return scenario;
  }

  /** The figures that any of both has, in the order of {@link Measure}. */
  List<Measure> measures() {
    return Arrays.stream(Measure.values())
        .filter(measure -> posthouse.containsKey(measure))
        .toList();
  }

  double[] posthouse(Measure measure) {
    return array(posthouse.get(measure));
  }

  double[] haproxy(Measure measure) {
    return array(haproxy.get(measure));
  }

  List<Usage> posthouseUsage() {
    return posthouseUsage;
  }

  List<Usage> haproxyUsage() {
    return haproxyUsage;
  }

  List<String> troubles() {
    return troubles;
  }

  private static double[] array(@Nullable List<Double> list) {
    return list == null ? new double[0] : list.stream().mapToDouble(d -> d).toArray();
  }
}
