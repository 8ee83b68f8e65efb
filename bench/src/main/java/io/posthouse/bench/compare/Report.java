package io.posthouse.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What came of a comparison, for people and as a map for JSON. */
public final class Report {

  private final Settings settings;
  private final List<Series> all;
  private final List<Row> rows = new ArrayList<>();

  private Report(Settings settings, List<Series> all) {
    this.settings = settings;
    this.all = all;
  }

  static Report of(Settings settings, List<Series> all) {
    Report report = new Report(settings, List.copyOf(all));
    for (Series series : all) {
      series.measures().forEach(measure -> report.rows.add(Row.of(series, measure)));
    }
    return report;
  }

  /** The table. */
  public String text() {
    StringBuilder out = new StringBuilder();
    for (Series series : all) {
      out.append('\n').append(series.scenario().title()).append('\n');
      out.append(
          String.format(
              Locale.ROOT,
              "  %-31s %12s %12s  %-22s %-13s%n",
              "",
              "Posthouse",
              "HAProxy",
              "ratio [95 % interval]",
              "goal"));
      rows.stream()
          .filter(row -> row.scenario() == series.scenario())
          .forEach(row -> out.append(line(row)));
      if (!series.posthouseUsage().isEmpty()) {
        out.append("  with Posthouse: ").append(ours(series).text(settings.threads())).append('\n');
        out.append("  with HAProxy:   ")
            .append(theirs(series).text(settings.threads()))
            .append('\n');
      }
      troubles(series)
          .forEach((text, count) ->
              out.append("  NOT CLEAN: ")
                  .append(text)
                  .append(count > 1 ? " (" + count + " rounds)\n" : "\n"));
    }
    out.append(
        String.format(
            Locale.ROOT,
            "%nMedians of %d pairs of rounds; a ratio is Posthouse to HAProxy, paired by round.%n",
            settings.rounds()));
    if (settings.rounds() < 20) {
      out.append("Fewer than 20 rounds: enough to see that it runs, not to say who is faster.\n");
    }
    return out.toString();
  }

  private static String line(Row row) {
    Measure measure = row.measure();
    String goal = row.goal().map(Goal::text).orElse("");
    String verdict = row.verdict().map(Verdict::text).orElse("");
    return String.format(
            Locale.ROOT,
            "  %-31s %12s %12s  %-22s %-13s %s",
            measure.title() + ", " + measure.unit(),
            number(measure.shown(row.posthouse().estimate())),
            number(measure.shown(row.haproxy().estimate())),
            ratio(row),
            goal,
            verdict)
        .stripTrailing()
        .concat("\n");
  }

  private static String ratio(Row row) {
    if (row.ratio() == null) {
      return "-";
    }
    return String.format(
        Locale.ROOT,
        "%.3f [%.3f, %.3f]",
        row.ratio().estimate(),
        row.ratio().low(),
        row.ratio().high());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
  }

  private static Saturation ours(Series series) {
    return Saturation.of(series.posthouseUsage());
  }

  private static Saturation theirs(Series series) {
    return Saturation.of(series.haproxyUsage());
  }

  private static Map<String, Long> troubles(Series series) {
    return series.troubles().stream()
        .collect(Collectors.groupingBy(t -> t, LinkedHashMap::new, Collectors.counting()));
  }

  /** Everything, the values of each round included. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rounds", settings.rounds());
    map.put("round-seconds", settings.round().toMillis() / 1e3);
    map.put("processors", Runtime.getRuntime().availableProcessors());
    map.put("kernel", System.getProperty("os.version"));
    map.put("posthouse-java-opts", text(System.getenv("POSTHOUSE_JAVA_OPTS")));
    map.put("posthouse-command", settings.posthouseCommand());
    map.put("balancer-threads", settings.threads());
    map.put("sessions", settings.sessions());
    map.put("large-sessions", settings.largeSessions());
    map.put("idle-links", settings.idleLinks());
    map.put("rows", rows.stream().map(Row::toMap).toList());
    map.put("scenarios", all.stream().map(this::scenarioMap).toList());
    return map;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private Map<String, Object> scenarioMap(Series series) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("scenario", series.scenario().key());
    if (!series.posthouseUsage().isEmpty()) {
      map.put("usage-with-posthouse", ours(series).toMap(settings.threads()));
      map.put("usage-with-haproxy", theirs(series).toMap(settings.threads()));
    }
    map.put("not-clean", series.troubles());
    Map<String, Object> values = new LinkedHashMap<>();
    for (Measure measure : series.measures()) {
      values.put(
          measure.key(),
          Map.of("posthouse", series.posthouse(measure), "haproxy", series.haproxy(measure)));
    }
    map.put("values-by-round", values);
    return map;
  }
}
