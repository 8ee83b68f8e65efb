package io.posthouse.bench.compare;

import io.posthouse.bench.measure.RatioInterval;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of the report: a figure of a scenario.
 *
 * @param ratio Posthouse to HAProxy; null where HAProxy's figure is not above zero
 */
record Row(
    Scenario scenario,
    Measure measure,
    RatioInterval posthouse,
    RatioInterval haproxy,
    @Nullable RatioInterval ratio) {

  static Row of(Series series, Measure measure) {
    double[] ours = series.posthouse(measure);
    double[] theirs = series.haproxy(measure);
    boolean comparable = Arrays.stream(theirs).allMatch(value -> value > 0);
    return new Row(
        series.scenario(),
        measure,
        RatioInterval.ofSamples(ours),
        RatioInterval.ofSamples(theirs),
        comparable ? RatioInterval.of(ours, theirs) : null);
  }

  Optional<Goal> goal() {
    return Goal.of(scenario, measure);
  }

  /** What came of the goal; empty when there is none, or no ratio to hold against it. */
  Optional<Verdict> verdict() {
    return goal().flatMap(goal -> goal.judge(ratio, posthouse));
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("scenario", scenario.key());
    map.put("measure", measure.key());
    map.put("unit", measure.unit());
    map.put("posthouse-median", measure.shown(posthouse.estimate()));
    map.put("haproxy-median", measure.shown(haproxy.estimate()));
    map.put("rounds", posthouse.rounds());
    if (ratio != null) {
      map.put("ratio", ratio.estimate());
      map.put("ratio-low", ratio.low());
      map.put("ratio-high", ratio.high());
    }
    map.put("posthouse-low", measure.shown(posthouse.low()));
    map.put("posthouse-high", measure.shown(posthouse.high()));
    goal().ifPresent(goal -> map.put("goal", goal.text()));
    verdict().ifPresent(verdict -> map.put("verdict", verdict.text()));
    return map;
  }
}
