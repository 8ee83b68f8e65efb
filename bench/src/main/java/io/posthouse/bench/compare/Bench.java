package io.posthouse.bench.compare;

import io.posthouse.bench.load.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a comparison from the first process to the last.
 *
 * <p>Order: sinks, both balancers, warm-up, the loaded scenarios with both balancers up all the
 * time (the one whose turn it is not costs nothing), then idle links and start, which need fresh
 * processes. Within a scenario the rounds alternate, and who comes first changes with each pair.
 */
public final class Bench {

  private static final Duration FIRST_START = Duration.ofMinutes(10);

  private final Settings settings;
  private final Consumer<String> progress;

  /** Takes what to do, and whom to tell how far it is. */
  public Bench(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs everything.
   *
   * @throws IOException when a process does not start or dies
   */
  public Report run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("posthouse-bench");
    boolean good = false;
    try (Children children = new Children()) {
      Stand stand = Stand.build(settings, children, folder);
      List<Series> all = new ArrayList<>();
      // The first start may build the product, and fills the page cache.
      progress.accept("starting both balancers");
      stand.haproxy().start(FIRST_START);
      stand.posthouse().start(FIRST_START);
      busy(stand, children, folder, all);
      stand.posthouse().stop();
      stand.haproxy().stop();
      if (settings.scenarios().contains(Scenario.IDLE)) {
        all.add(alternate(Scenario.IDLE, new IdleRounds(settings, stand.sinks()), stand));
      }
      if (settings.scenarios().contains(Scenario.START)) {
        all.add(alternate(Scenario.START, new StartRounds(), stand));
      }
      good = true;
      return Report.of(settings, all);
    } finally {
      if (good && !settings.keep()) {
        delete(folder);
      } else {
        progress.accept("logs and configurations are in " + folder);
      }
    }
  }

  private void busy(Stand stand, Children children, Path folder, List<Series> all)
      throws IOException, InterruptedException {
    boolean warm = false;
    for (Scenario scenario : List.of(Scenario.TCP_4K, Scenario.TCP_20M, Scenario.SMTP_SOURCE)) {
      if (!settings.scenarios().contains(scenario)) {
        continue;
      }
      if (!warm) {
        warmUp(new BusyRounds(Scenario.TCP_4K, settings, stand.sinks()), stand, false);
        warm = true;
      }
      BusyRounds rounds = new BusyRounds(scenario, settings, stand.sinks());
      if (scenario == Scenario.TCP_20M) {
        warmUp(rounds, stand, true);
      }
      Rounds driver =
          scenario == Scenario.SMTP_SOURCE
              ? new SmtpSourceRounds(settings, stand.sinks(), children, folder)
              : rounds;
      all.add(alternate(scenario, driver, stand));
    }
  }

  /** Until the JIT has settled; HAProxy gets the same, also for the sake of client and sinks. */
  private void warmUp(BusyRounds rounds, Stand stand, boolean large)
      throws IOException, InterruptedException {
    for (Balancer balancer : List.of(stand.posthouse(), stand.haproxy())) {
      long limit = large ? Math.max(8, settings.warmupSessions() / 400) : settings.warmupSessions();
      Duration most = large ? settings.warmup().dividedBy(2) : settings.warmup();
      LoadResult result = rounds.warmUp(balancer, limit, most);
      progress.accept(
          "warmed up %s: %,d sessions in %.1f s, %,d failed"
              .formatted(
                  balancer.name(), result.sessionsOk(), result.seconds(), result.sessionsFailed()));
      if (result.sessionsOk() == 0) {
        throw new IOException(
            "no session came through " + balancer.name() + ": " + result.failures());
      }
    }
  }

  private Series alternate(Scenario scenario, Rounds rounds, Stand stand)
      throws IOException, InterruptedException {
    Series series = new Series(scenario);
    for (int i = 0; i < settings.rounds(); i++) {
      progress.accept("%s: round %d of %d".formatted(scenario.key(), i + 1, settings.rounds()));
      if (i % 2 == 0) {
        Series.Round ours = round(rounds, stand, stand.posthouse());
        series.add(ours, round(rounds, stand, stand.haproxy()));
      } else {
        Series.Round theirs = round(rounds, stand, stand.haproxy());
        series.add(round(rounds, stand, stand.posthouse()), theirs);
      }
    }
    return series;
  }

  /** A round counts only if everything still runs at its end. */
  private static Series.Round round(Rounds rounds, Stand stand, Balancer balancer)
      throws IOException, InterruptedException {
    stand.sinks().requireAlive();
    balancer.requireAlive();
    try {
      return rounds.run(balancer);
    } finally {
      stand.sinks().requireAlive();
      balancer.requireAlive();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
