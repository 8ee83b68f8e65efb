package io.posthouse.bench.compare;

import io.posthouse.bench.load.LoadPlan;
import io.posthouse.bench.load.LoadRun;
import io.posthouse.bench.load.SessionLoad;
import io.posthouse.bench.measure.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Rounds with links that do nothing: how much the balancer's resident memory grows by each.
 *
 * <p>Each round starts the balancer afresh, since memory once taken from the system is kept and
 * would hide the growth in every later round. Some sessions go first, so that what is loaded and
 * allocated once is there before. A Java process is asked for full collections before and after.
 *
 * <p>Resident growth alone can deceive with a Java heap: new objects go into pages that were
 * touched before and are free now, and a collection gives pages back. So what is held is taken as
 * well: the growth of live objects, plus the resident growth of everything that is not the heap.
 */
final class IdleRounds implements Rounds {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofMillis(300);

  private final Settings settings;
  private final BusyRounds warm;

  IdleRounds(Settings settings, Sinks sinks) {
    this.settings = settings;
    this.warm = new BusyRounds(Scenario.Kind.SMALL, settings, sinks);
  }

  @Override
  public Series.Round run(Balancer balancer) throws IOException, InterruptedException {
    balancer.start(START);
    try {
      warm.warmUp(balancer, Math.min(3_000, settings.warmupSessions()), settings.warmup());
      Clock.pause(SETTLE);
      Balancer.Memory before = balancer.memory();
      LoadPlan plan =
          LoadPlan.of(balancer.address(), SessionLoad.of(0)).withIdleLinks(settings.idleLinks());
      LoadRun links = LoadRun.start(plan);
      int held = links.awaitIdle(Duration.ofSeconds(60));
      Clock.pause(SETTLE);
      Balancer.Memory after = balancer.memory();
      int heldStill = links.idleHeld();
      links.stop();
      links.await();
      return round(before, after, Math.min(held, heldStill));
    } finally {
      balancer.stop();
    }
  }

  private Series.Round round(Balancer.Memory before, Balancer.Memory after, int held) {
    List<String> troubles = new ArrayList<>();
    if (held < settings.idleLinks()) {
      troubles.add("%,d of %,d idle links held".formatted(held, settings.idleLinks()));
    }
    double links = Math.max(1, held);
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    figures.put(Measure.BYTES_PER_IDLE_LINK, (after.resident() - before.resident()) / links);
    figures.put(Measure.HELD_PER_IDLE_LINK, (after.held() - before.held()) / links);
    figures.put(Measure.HEAP_PER_IDLE_LINK, (after.liveHeap() - before.liveHeap()) / links);
    figures.put(Measure.RESIDENT_BEFORE, (double) before.resident());
    return new Series.Round(figures, List.of(), troubles);
  }
}
