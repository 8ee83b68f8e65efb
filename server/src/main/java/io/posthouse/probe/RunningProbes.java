package io.posthouse.probe;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.Ticker;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every probe that is under way: each on a virtual thread of its own, never two of one order, none
 * for longer than its monitor allows. For the owner's thread only; results come as letters to it.
 */
final class RunningProbes {
  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(2);

  /** Whoever takes what a probe came to. */
  @FunctionalInterface
  interface Conclusion {
    void concluded(ProbeOrder order, Outcome outcome, ProbeReport report);
  }

  private final Prober prober;
  private final EventSink events;
  private final Ticker ticker;
  private final InstantSource clock;
  private final Mailbox mailbox;
  private final Conclusion conclusion;
  private final Map<ProbeOrder, RunningProbe> running = new LinkedHashMap<>();

  RunningProbes(
      Prober prober,
      EventSink events,
      Ticker ticker,
      InstantSource clock,
      Mailbox mailbox,
      Conclusion conclusion) {
    this.prober = prober;
    this.events = events;
    this.ticker = ticker;
    this.clock = clock;
    this.mailbox = mailbox;
    this.conclusion = conclusion;
  }

  /** Starts a probe; the one that runs already where there is one. */
  RunningProbe start(ProbeOrder order, String hostname) {
    RunningProbe already = running.get(order);
    if (already != null) {
      already.wanted(ticker.nanos());
      return already;
    }
    Thread probe = Thread.ofVirtual().name("probe").unstarted(() -> ask(order, hostname));
    RunningProbe begun = new RunningProbe(probe, order, ticker.nanos());
    running.put(order, begun);
    probe.start();
    return begun;
  }

  /** Looks at the clock: stops those that take too long, and gives up those that do not stop. */
  void watch() {
    Map.copyOf(running)
        .forEach((order, probe) -> {
          if (probe.watch(ticker.nanos()) == RunningProbe.Watch.LOST) {
            Outcome outcome = Outcome.of(RunningProbe.lost(order));
            Duration took = RunningProbe.longest(order);
            conclude(
                order, probe, outcome, outcome.report(order, clock.instant().minus(took), took));
          }
        });
  }

  /** The time until {@link #watch} has something to do; a very long one if it has not. */
  long nanosLeft(long nowNanos) {
    return running.values().stream()
        .mapToLong(probe -> probe.nanosLeft(nowNanos))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Interrupts every probe and tells those who wait that nothing comes any more. */
  void end() {
    IllegalStateException stopping = new IllegalStateException("Posthouse is stopping");
    for (RunningProbe probe : running.values()) {
      probe.thread().interrupt();
      probe.waiting().forEach(waiting -> waiting.completeExceptionally(stopping));
    }
  }

  /** After the owner's end: waits a little for each, which kills its own program on its way out. */
  void join() throws InterruptedException {
    for (RunningProbe probe : running.values()) {
      probe.thread().join(LONGEST_FAREWELL);
    }
  }

  private void ask(ProbeOrder order, String hostname) {
    Instant at = clock.instant();
    long began = ticker.nanos();
    Outcome outcome;
    try {
      outcome = prober.ask(order, hostname);
    } catch (RuntimeException e) {
      events.emit(Event.of(EventKind.BUG, "where", "probe", "error", e.toString()));
      outcome =
          Outcome.of(new ProbeResult.Inconclusive(ProbeStep.PROGRAM, "unexpected error: " + e));
    }
    Outcome found = outcome;
    ProbeReport report = found.report(order, at, Duration.ofNanos(ticker.nanos() - began));
    mailbox.post(() -> {
      RunningProbe probe = running.remove(order);
      if (probe != null && !probe.isDecided()) {
        conclude(order, probe, found, report);
      }
    });
  }

  private void conclude(ProbeOrder order, RunningProbe probe, Outcome outcome, ProbeReport report) {
    conclusion.concluded(order, outcome, report);
    probe.waiting().forEach(waiting -> waiting.complete(report));
    probe.waiting().clear();
  }
}
