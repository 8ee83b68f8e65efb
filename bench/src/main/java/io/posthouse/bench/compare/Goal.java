package io.posthouse.bench.compare;

import io.posthouse.bench.measure.RatioInterval;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Posthouse wants to reach. A miss is told and is no failure of the comparison. */
public enum Goal {
  MESSAGES(Scenario.TCP_4K, Measure.MESSAGES_PER_SECOND, Kind.RATIO_AT_LEAST, 0.95),
  CPU(Scenario.TCP_4K, Measure.CPU_PER_SESSION, Kind.RATIO_AT_MOST, 1.1),
  LARGE(Scenario.TCP_20M, Measure.MEGABYTES_PER_SECOND, Kind.RATIO_AT_LEAST, 0.95),
  IDLE(Scenario.IDLE, Measure.BYTES_PER_IDLE_LINK, Kind.VALUE_AT_MOST, 8 * 1024),
  IDLE_HELD(Scenario.IDLE, Measure.HELD_PER_IDLE_LINK, Kind.VALUE_AT_MOST, 8 * 1024),
  SMTP_MESSAGES(Scenario.SMTP_4K, Measure.MESSAGES_PER_SECOND, Kind.RATIO_AT_LEAST, 1.3),
  SMTP_CPU(Scenario.SMTP_4K, Measure.CPU_PER_MESSAGE, Kind.RATIO_AT_MOST, 0.7),
  SMTP_P99(Scenario.SMTP_4K, Measure.SESSION_P99, Kind.RATIO_AT_MOST, 1),
  SMTP_FRESH(Scenario.SMTP_4K_FRESH, Measure.MESSAGES_PER_SECOND, Kind.RATIO_AT_LEAST, 0.85),
  SMTP_MANY(Scenario.SMTP_MANY, Measure.MESSAGES_PER_SECOND, Kind.RATIO_AT_LEAST, 0.9),
  SMTP_LARGE(Scenario.SMTP_20M, Measure.MEGABYTES_PER_SECOND, Kind.RATIO_AT_LEAST, 0.9),
  SMTP_IDLE(Scenario.SMTP_IDLE, Measure.BYTES_PER_IDLE_LINK, Kind.VALUE_AT_MOST, 8 * 1024),
  SMTP_IDLE_HELD(Scenario.SMTP_IDLE, Measure.HELD_PER_IDLE_LINK, Kind.VALUE_AT_MOST, 8 * 1024),
  CLASSES(Scenario.CLASSES_4K, Measure.CPU_PER_MESSAGE, Kind.RATIO_AT_MOST, 1.02),
  CLASSES_LINKS(Scenario.CLASSES_4K_LINKS, Measure.CPU_PER_MESSAGE, Kind.RATIO_AT_MOST, 1.02),
  CHECKS(Scenario.CHECKS_4K, Measure.CPU_PER_MESSAGE, Kind.RATIO_AT_MOST, 1.05),
  CHECKS_LINKS(Scenario.CHECKS_4K_LINKS, Measure.CPU_PER_MESSAGE, Kind.RATIO_AT_MOST, 1.05),
  TLS_FULL(Scenario.TLS_4K_FULL, Measure.MESSAGES_PER_SECOND, Kind.RATIO_AT_LEAST, 1),
  TLS_RESUMED(Scenario.TLS_4K_RESUMED, Measure.MESSAGES_PER_SECOND, Kind.RATIO_AT_LEAST, 1),
  TLS_MEMBERS(Scenario.TLS_MEMBERS_4K, Measure.MESSAGES_PER_SECOND, Kind.RATIO_AT_LEAST, 1.5),
  FIRST_LINK(Scenario.START, Measure.START_SECONDS, Kind.VALUE_AT_MOST, 1.5);

  /** What is compared with the bound. */
  enum Kind {
    RATIO_AT_LEAST,
    RATIO_AT_MOST,
    VALUE_AT_MOST
  }

  private final Scenario scenario;
  private final Measure measure;
  private final Kind kind;
  private final double bound;

  Goal(Scenario scenario, Measure measure, Kind kind, double bound) {
    this.scenario = scenario;
    this.measure = measure;
    this.kind = kind;
    this.bound = bound;
  }

  /** The goal of a figure, if it has one. */
  static Optional<Goal> of(Scenario scenario, Measure measure) {
    return Arrays.stream(values())
        .filter(goal -> goal.scenario == scenario && goal.measure == measure)
        .findFirst();
  }

  /**
   * Whether the goal is reached: by the estimate, and whether the whole interval agrees. Empty when
   * the goal is a ratio and there is none.
   *
   * @param ratio ours to theirs
   * @param own our value alone
   */
  Optional<Verdict> judge(@Nullable RatioInterval ratio, RatioInterval own) {
    RatioInterval asked = kind == Kind.VALUE_AT_MOST ? own : ratio;
    if (asked == null) {
      return Optional.empty();
    }
    boolean reached = isGood(asked.estimate());
    boolean sure = isGood(asked.low()) == reached && isGood(asked.high()) == reached;
    if (reached) {
      return Optional.of(sure ? Verdict.PASS : Verdict.PASS_UNSURE);
    }
    return Optional.of(sure ? Verdict.MISS : Verdict.MISS_UNSURE);
  }

  private boolean isGood(double value) {
    return kind == Kind.RATIO_AT_LEAST ? value >= bound : value <= bound;
  }

  /** The goal for people. */
  String text() {
    return switch (kind) {
      case RATIO_AT_LEAST -> String.format(Locale.ROOT, ">= %.2f", bound);
      case RATIO_AT_MOST -> String.format(Locale.ROOT, "<= %.2f", bound);
      case VALUE_AT_MOST ->
          String.format(Locale.ROOT, "<= %.1f %s", measure.shown(bound), measure.unit());
    };
  }
}
