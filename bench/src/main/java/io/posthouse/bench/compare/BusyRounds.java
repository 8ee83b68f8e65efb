package io.posthouse.bench.compare;

import io.posthouse.bench.compare.Scenario.Kind;
import io.posthouse.bench.load.Failure;
import io.posthouse.bench.load.LoadPlan;
import io.posthouse.bench.load.LoadResult;
import io.posthouse.bench.load.LoadRun;
import io.posthouse.bench.load.MailShape;
import io.posthouse.bench.load.SessionLoad;
import io.posthouse.bench.load.SourceAddresses;
import io.posthouse.bench.load.TlsLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rounds under full load, through a balancer that runs already. */
final class BusyRounds implements Rounds {

  private static final int LARGE = 20_000_000;
  private static final int MANY = 100;
  private static final SourceAddresses SOURCES = SourceAddresses.parse("127.0.4.0/22");

  private final Kind kind;
  private final Settings settings;
  private final Sinks sinks;

  BusyRounds(Kind kind, Settings settings, Sinks sinks) {
    this.kind = kind;
    this.settings = settings;
    this.sinks = sinks;
  }

  @Override
  public Series.Round run(Balancer balancer) throws IOException, InterruptedException {
    LoadPlan plan = plan(balancer).withDuration(settings.round());
    Usage.Counters before = Usage.read(balancer.pid(), sinks.pids());
    LoadResult result = LoadRun.run(plan);
    Usage usage = Usage.between(before, Usage.read(balancer.pid(), sinks.pids()));
    return new Series.Round(figures(result, usage), List.of(usage), troubles(result, plan.tls()));
  }

  /** Load before it counts, until the limit of sessions or of time. */
  LoadResult warmUp(Balancer balancer, long limit, Duration most)
      throws IOException, InterruptedException {
    LoadPlan plan = plan(balancer);
    return LoadRun.run(plan.withSessions(plan.sessions().withLimit(limit)).withDuration(most));
  }

  private LoadPlan plan(Balancer balancer) {
    boolean large = kind == Kind.LARGE;
    SessionLoad load = SessionLoad.of(large ? settings.largeSessions() : settings.sessions());
    return LoadPlan.of(
            balancer.address(), kind == Kind.MANY ? load.withMessagesPerLink(MANY) : load)
        .withSources(SOURCES)
        .withTls(tls(balancer))
        .withMail(large ? MailShape.SMALL.withBytes(LARGE) : MailShape.SMALL);
  }

  private @Nullable TlsLoad tls(Balancer balancer) {
    TlsLoad.Start start = balancer.tls();
    TlsLoad.Sessions sessions =
        kind == Kind.FULL ? TlsLoad.Sessions.FULL : TlsLoad.Sessions.RESUMED;
    return start == null ? null : new TlsLoad(start, sessions, TlsLoad.Version.V1_3);
  }

  private Map<Measure, Double> figures(LoadResult result, Usage usage) {
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    if (kind == Kind.LARGE) {
      figures.put(Measure.MEGABYTES_PER_SECOND, result.bodyBytes() / result.seconds());
      figures.put(Measure.CPU_PER_MEGABYTE, usage.balancer() / (result.bodyBytes() / 1e6));
    } else {
      figures.put(Measure.MESSAGES_PER_SECOND, result.messagesOk() / result.seconds());
      figures.put(Measure.CPU_PER_MESSAGE, usage.balancer() / result.messagesOk());
    }
    if (kind == Kind.SMALL || kind == Kind.FULL) {
      figures.put(Measure.SESSIONS_PER_SECOND, result.sessionsOk() / result.seconds());
      figures.put(Measure.CPU_PER_SESSION, usage.balancer() / result.sessionsOk());
    }
    if (kind == Kind.MANY) {
      // A session that the end of the round cuts short says nothing.
      figures.put(Measure.MESSAGE_P50, result.messageMillis().p50());
      figures.put(Measure.MESSAGE_P99, result.messageMillis().p99());
    } else {
      figures.put(Measure.SESSION_P50, result.sessionMillis().p50());
      figures.put(Measure.SESSION_P99, result.sessionMillis().p99());
    }
    return figures;
  }

  private List<String> troubles(LoadResult result, @Nullable TlsLoad tls) {
    List<String> troubles = new ArrayList<>();
    result.failures().forEach(failure -> troubles.add(text(failure)));
    if (tls != null && !isAsAsked(result, tls.sessions())) {
      troubles.add(
          "%,d of %,d handshakes were resumed"
              .formatted(result.handshakesResumed(), result.handshakes()));
    }
    return troubles;
  }

  /** The first session of each slot has nothing to resume. */
  private boolean isAsAsked(LoadResult result, TlsLoad.Sessions sessions) {
    return sessions == TlsLoad.Sessions.FULL
        ? result.handshakesResumed() == 0
        : result.handshakesResumed() >= result.handshakes() - settings.sessions();
  }

  private static String text(Failure failure) {
    return "%,d sessions failed at %s, %s: %s"
        .formatted(failure.count(), failure.stage().key(), failure.cause().key(), failure.sample());
  }
}
