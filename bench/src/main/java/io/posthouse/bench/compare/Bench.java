package io.posthouse.bench.compare;

import io.posthouse.bench.compare.Scenario.Kind;
import io.posthouse.bench.load.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a comparison from the first process to the last.
 *
 * <p>Order: sinks; then, for each setup, the processes of both balancers, warm-up, and the loaded
 * scenarios with both balancers up all the time (the one whose turn it is not costs nothing); then
 * idle links and start, which need fresh processes. Within a scenario the rounds alternate, and who
 * comes first changes with each pair.
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
      for (Setup setup : setups()) {
        // The first start may build the product, and fills the page cache.
        progress.accept("starting Posthouse, setup " + setup.key());
        for (Balancer process : stand.processes(setup)) {
          process.start(FIRST_START);
        }
        busy(setup, stand, children, folder, all);
        stand.processes(setup).forEach(Balancer::stop);
      }
      for (Scenario scenario : settings.scenarios()) {
        if (!scenario.kind().isLoaded()) {
          all.add(alternate(scenario, rounds(scenario, stand, children, folder), stand));
        }
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

  private Set<Setup> setups() {
    Set<Setup> setups = EnumSet.noneOf(Setup.class);
    settings.scenarios().forEach(scenario -> setups.add(scenario.setup()));
    return setups;
  }

  private void busy(Setup setup, Stand stand, Children children, Path folder, List<Series> all)
      throws IOException, InterruptedException {
    List<Scenario> loaded =
        settings.scenarios().stream()
            .filter(scenario -> scenario.setup() == setup && scenario.kind().isLoaded())
            .toList();
    if (!loaded.isEmpty()) {
      warmUp(setup, Kind.SMALL, stand);
    }
    for (Scenario scenario : loaded) {
      if (scenario.kind().hasOwnWarmUp()) {
        warmUp(setup, scenario.kind(), stand);
      }
      all.add(alternate(scenario, rounds(scenario, stand, children, folder), stand));
    }
  }

  private Rounds rounds(Scenario scenario, Stand stand, Children children, Path folder) {
    return switch (scenario.kind()) {
      case SMALL, FULL, MANY, LARGE -> new BusyRounds(scenario.kind(), settings, stand.sinks());
      case SMTP_SOURCE -> new SmtpSourceRounds(settings, stand.sinks(), children, folder);
      case IDLE -> new IdleRounds(settings, stand.sinks());
      case START -> new StartRounds();
    };
  }

  /** Until the JIT has settled; HAProxy gets the same, also for the sake of client and sinks. */
  private void warmUp(Setup setup, Kind kind, Stand stand)
      throws IOException, InterruptedException {
    BusyRounds rounds = new BusyRounds(kind, settings, stand.sinks());
    boolean longSessions = kind == Kind.MANY || kind == Kind.LARGE;
    long limit = settings.warmupSessions();
    limit = longSessions ? Math.max(8, limit / 400) : limit;
    Duration most = kind.hasOwnWarmUp() ? settings.warmup().dividedBy(2) : settings.warmup();
    for (Balancer balancer : List.of(stand.posthouse(setup), stand.haproxy(setup))) {
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
    Balancer posthouse = stand.posthouse(scenario.setup());
    Balancer haproxy = stand.haproxy(scenario.setup());
    for (int i = 0; i < settings.rounds(); i++) {
      progress.accept("%s: round %d of %d".formatted(scenario.key(), i + 1, settings.rounds()));
      if (i % 2 == 0) {
        Series.Round ours = round(rounds, stand, posthouse);
        series.add(ours, round(rounds, stand, haproxy));
      } else {
        Series.Round theirs = round(rounds, stand, haproxy);
        series.add(round(rounds, stand, posthouse), theirs);
      }
    }
    return series;
  }

  /** A round counts only if everything still runs at its end. */
  private static Series.Round round(Rounds rounds, Stand stand, Balancer balancer)
      throws IOException, InterruptedException {
    stand.requireAlive();
    balancer.requireAlive();
    try {
      return rounds.run(balancer);
    } finally {
      stand.requireAlive();
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
