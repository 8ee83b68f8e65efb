package io.posthouse.health;

import io.posthouse.model.AdminState;
import io.posthouse.model.Member;
import io.posthouse.model.Monitor;
import io.posthouse.smtp.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * All that is known of one member, and the status that follows.
 *
 * <p>Real connections that fail take it down whatever the monitors say. Otherwise every monitor
 * must pass and the worst counts: down, pressure, unknown, up. Pressure that real mail meets is
 * pressure too. How much of its weight that costs is the pool's to say ({@link #grant}).
 */
final class MemberHealth {
  /** Down-time of a member that no monitor gives one. */
  static final Duration PASSIVE_DOWN_TIME = Duration.ofSeconds(10);

  private static final double RAMP_START = 0.1;
  private static final long LEAST_RAMP_STEP_NANOS = 100_000_000;
  private static final int RAMP_STEPS = 20;

  private final Member member;
  private final List<MonitorState> monitors;
  private final PassiveHealth passive;
  private final MailPressure mail;
  private final DistinctClients sawFailure;
  private final DistinctClients sawPressure;
  private final Duration slowStart;
  private boolean ramping;
  private long rampNanos;
  private MemberStatus status;

  /** A member of which nothing is known. */
  MemberHealth(Member member, List<MonitorState> monitors, Duration slowStart, Instant wall) {
    this.member = member;
    this.monitors = List.copyOf(monitors);
    this.passive = new PassiveHealth();
    this.mail = new MailPressure();
    this.sawFailure = new DistinctClients();
    this.sawPressure = new DistinctClients();
    this.slowStart = slowStart;
    this.status = new MemberStatus(member.state(), worst(), false, 1, reason(worst()), wall);
  }

  /** The same member after a change of the configuration that left its address alone. */
  MemberHealth(
      MemberHealth before, Member member, List<MonitorState> monitors, Duration slowStart) {
    this.member = member;
    this.monitors = List.copyOf(monitors);
    this.passive = before.passive;
    this.mail = before.mail;
    this.sawFailure = before.sawFailure;
    this.sawPressure = before.sawPressure;
    this.slowStart = slowStart;
    this.ramping = before.ramping;
    this.rampNanos = before.rampNanos;
    this.status = before.status;
  }

  Member member() {
    return member;
  }

  MemberStatus status() {
    return status;
  }

  List<MonitorState> monitors() {
    return monitors;
  }

  void administer(AdminState admin) {
    status =
        new MemberStatus(
            admin,
            status.effective(),
            status.ramping(),
            status.rampShare(),
            status.inside(),
            status.outside(),
            status.reason(),
            status.since());
  }

  void connectFailed(String why, long nowNanos) {
    passive.failed(why, nowNanos, downTime());
  }

  /** A client saw it fail in a way that this client might have provoked. */
  void failedFor(long client, String why, long nowNanos) {
    if (sawFailure.add(client, nowNanos)) {
      String reason = "%d clients saw it fail, last: %s".formatted(DistinctClients.NEEDED, why);
      passive.failedForMany(reason, nowNanos, downTime());
    }
  }

  /** Messages of a scope came to this. */
  void mail(SenderScope scope, MailCounts counts, long nowNanos) {
    if (counts.accepted() > 0) {
      sawFailure.clear();
      sawPressure.clear();
    }
    mail.record(scope, counts, nowNanos);
  }

  /** A client met pressure that this client might have provoked. */
  void pressureFor(long client, SenderScope scope, String reply, long nowNanos) {
    if (sawPressure.add(client, nowNanos)) {
      mail.record(
          scope,
          new MailCounts(0, DistinctClients.NEEDED, DistinctClients.NEEDED, reply),
          nowNanos);
    }
  }

  /** A message that was a trial ended without a word about pressure. */
  void undecided(SenderScope scope, int trial, long nowNanos) {
    mail.undecided(scope, trial, nowNanos);
  }

  private Duration downTime() {
    return monitors.stream()
        .map(state -> state.monitor().downTimeOrInterval())
        .min(Comparator.naturalOrder())
        .orElse(PASSIVE_DOWN_TIME);
  }

  void connectSucceeded() {
    passive.connected();
  }

  void probed(MonitorState state, ProbeResult result, long nowNanos) {
    state.record(result, nowNanos);
    Monitor monitor = state.monitor();
    boolean ownPort = monitor.port().orElse(member.address().port()) == member.address().port();
    boolean connected =
        result instanceof ProbeResult.Passed || result instanceof ProbeResult.Pressure;
    if (connected && ownPort && monitor.type() != Monitor.Type.EXEC) {
      passive.connected();
    }
  }

  /** Takes a trial or a step of the ramp that has come due, and derives the status anew. */
  void refresh(long nowNanos, Instant wall) {
    passive.tick(nowNanos);
    mail.tick(nowNanos);
    EffectiveState next = worst();
    if (next == EffectiveState.DOWN) {
      ramping = false;
    } else if (status.effective() == EffectiveState.DOWN) {
      ramping = true;
      rampNanos = nowNanos;
    }
    double share = rampShare(nowNanos);
    ramping = ramping && share < 1;
    Instant since = next == status.effective() ? status.since() : wall;
    status =
        new MemberStatus(
            status.admin(),
            next,
            ramping,
            ramping ? share : 1,
            wish(next, SenderScope.INSIDE),
            wish(next, SenderScope.OUTSIDE),
            status.reason(),
            since);
  }

  /** Takes the share of its weight that the pool leaves it in each scope. */
  void grant(double insideShare, double outsideShare) {
    Pressure inside = status.inside().granted(insideShare);
    Pressure outside = status.outside().granted(outsideShare);
    status =
        new MemberStatus(
            status.admin(),
            status.effective(),
            status.ramping(),
            status.rampShare(),
            inside,
            outside,
            reason(status.effective(), insideShare, outsideShare),
            status.since());
  }

  /** Takes what it wishes: it gets no work, so that the pool loses nothing by it. */
  void grantAsWished() {
    grant(status.inside().wish(), status.outside().wish());
  }

  private Pressure wish(EffectiveState state, SenderScope scope) {
    if (state == EffectiveState.DOWN) {
      return Pressure.NONE;
    }
    boolean probed = monitors.stream().anyMatch(monitor -> monitor.pressed(scope));
    return probed ? Pressure.PROBED : mail.pressure(scope);
  }

  /** When something changes by itself; empty when nothing will. */
  OptionalLong nextTickNanos(long nowNanos) {
    LongStream.Builder times = LongStream.builder();
    monitors.stream().filter(state -> !state.isUnderWay()).forEach(s -> times.add(s.dueNanos()));
    if (passive.downBecause() != null) {
      times.add(passive.trialNanos());
    }
    mail.dueNanos().forEach(times::add);
    if (ramping) {
      times.add(nowNanos + Math.max(slowStart.toNanos() / RAMP_STEPS, LEAST_RAMP_STEP_NANOS));
    }
    // Compared as differences: the origin of the clock is arbitrary and it may wrap.
    return times.build().map(time -> time - nowNanos).min().stream()
        .map(wait -> nowNanos + wait)
        .findFirst();
  }

  private double rampShare(long nowNanos) {
    if (!ramping || slowStart.isZero()) {
      return 1;
    }
    double elapsed = (double) (nowNanos - rampNanos) / slowStart.toNanos();
    return Math.min(1, RAMP_START + (1 - RAMP_START) * elapsed);
  }

  private EffectiveState worst() {
    if (passive.downBecause() != null) {
      return EffectiveState.DOWN;
    }
    EffectiveState probed = probed();
    return badness(probed) < badness(EffectiveState.PRESSURE) && !mail.isNone()
        ? EffectiveState.PRESSURE
        : probed;
  }

  /** What the monitors say. */
  private EffectiveState probed() {
    return telling().stream()
        .map(MonitorState::state)
        .max(Comparator.comparingInt(MemberHealth::badness))
        .orElse(EffectiveState.UNKNOWN);
  }

  /** Those from whose address the member could be asked; all where that is none. */
  private List<MonitorState> telling() {
    List<MonitorState> asked = monitors.stream().filter(state -> !state.isUnasked()).toList();
    return asked.isEmpty() ? monitors : asked;
  }

  private static int badness(EffectiveState state) {
    return switch (state) {
      case UP -> 0;
      case UNKNOWN -> 1;
      case PRESSURE -> 2;
      case DOWN -> 3;
    };
  }

  private String reason(EffectiveState state, double insideShare, double outsideShare) {
    if (state != EffectiveState.PRESSURE || mail.isNone()) {
      return reason(state);
    }
    Pressure inside = mail.pressure(SenderScope.INSIDE).granted(insideShare);
    Pressure outside = mail.pressure(SenderScope.OUTSIDE).granted(outsideShare);
    String text =
        probed() == EffectiveState.PRESSURE
            ? reason(state) + "; " + PressureReason.numbers(inside, outside)
            : PressureReason.of(inside, outside);
    return Printable.line(text, 300);
  }

  private String reason(EffectiveState state) {
    String failed = passive.downBecause();
    if (failed != null) {
      return Printable.line(failed, 300);
    }
    if (!monitors.isEmpty()) {
      return MonitorReasons.of(telling(), state);
    }
    if (passive.isOnTrial()) {
      return "no monitor, on trial after down-time: the next connection decides";
    }
    return passive.strikes() == 0
        ? "no monitor, nothing failed yet"
        : "no monitor, the last %d of %d connections that take it down failed"
            .formatted(passive.strikes(), PassiveHealth.LIMIT);
  }
}
