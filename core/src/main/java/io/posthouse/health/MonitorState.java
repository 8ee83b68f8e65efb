package io.posthouse.health;

import io.posthouse.model.Monitor;
import io.posthouse.policy.ProbeSource;
import io.posthouse.smtp.Printable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one monitor makes of one member, asked from one address of ours: rise, fall and down-time.
 *
 * <pre>
 *            passed              failed              pressure   inconclusive
 * unknown    up                  down                pressure   unknown
 * up         up                  down after fall     pressure   up
 * pressure   up after rise       down after fall     pressure   unknown after rise *
 * down       up after rise       down                pressure   unknown after rise *
 * </pre>
 *
 * <p>The first conclusive result decides alone, and pressure shows at once. An inconclusive result
 * (*) that came from a member that talked proves that it talks: it ends a row of failures and
 * counts towards rise, but what follows is unknown (which is eligible), since nothing was proven
 * beyond that. One that never reached the member (its program could not be run) changes nothing; an
 * address of ours that cannot be used makes it unknown, since nothing is known from there any more.
 *
 * <p>A probe that failed while down is followed by down-time, every other by the interval. The
 * first interval is cut to a share, so that monitors that started together drift apart. One that
 * takes turns with others waits for all turns, but not while it fails and is not down yet.
 */
final class MonitorState {
  private static final int REASON_LENGTH = 300;

  private final Monitor monitor;
  private final ProbeSource source;
  private final double firstShare;
  private int turns = 1;
  private EffectiveState state = EffectiveState.UNKNOWN;
  private String reason;
  private int passes;
  private int failures;
  private long dueNanos;
  private boolean underWay;
  private @Nullable ProbeResult last;
  private @Nullable PressureScope scope;

  /**
   * A monitor that has not asked yet.
   *
   * @param firstShare the share of the first interval that is waited, above 0 to 1
   */
  MonitorState(Monitor monitor, ProbeSource source, long firstDueNanos, double firstShare) {
    this.monitor = monitor;
    this.source = source;
    this.dueNanos = firstDueNanos;
    this.firstShare = firstShare;
    this.reason = "waiting for the first probe of " + monitor.name();
  }

  Monitor monitor() {
    return monitor;
  }

  ProbeSource source() {
    return source;
  }

  /** Takes its turn every so many intervals. */
  void turns(int every) {
    turns = every;
  }

  /** Whether the member could not be asked from this address, so that nothing is said of it. */
  boolean isUnasked() {
    return last instanceof ProbeResult.Inconclusive unsure && unsure.step() == ProbeStep.SOURCE;
  }

  EffectiveState state() {
    return state;
  }

  /** Whether it says that the member is under pressure for senders of this scope. */
  boolean pressed(SenderScope sender) {
    return state == EffectiveState.PRESSURE
        && (scope == PressureScope.ALL || sender == SenderScope.OUTSIDE);
  }

  /** Why, one line for people; the same text for as long as nothing changes. */
  String reason() {
    return reason;
  }

  /** When the next probe is due; meaningless while one is under way. */
  long dueNanos() {
    return dueNanos;
  }

  boolean isUnderWay() {
    return underWay;
  }

  /** A probe has begun; nothing is due until its result comes. */
  void begin() {
    underWay = true;
  }

  /** Takes the result of a probe. */
  void record(ProbeResult result, long nowNanos) {
    boolean first = last == null;
    last = result;
    underWay = false;
    switch (result) {
      case ProbeResult.Passed passed -> passed(passed);
      case ProbeResult.Failed failed -> failed(failed);
      case ProbeResult.Pressure pressure -> pressed(pressure);
      case ProbeResult.Inconclusive inconclusive -> inconclusive(inconclusive);
    }
    boolean leftAlone = state == EffectiveState.DOWN && result instanceof ProbeResult.Failed;
    Duration wait = leftAlone ? monitor.downTimeOrInterval() : monitor.interval();
    double share = first && !leftAlone ? firstShare : 1;
    boolean failing = result instanceof ProbeResult.Failed && !leftAlone;
    long waitNanos = (long) (wait.toNanos() * share);
    dueNanos = nowNanos + waitNanos * (failing ? 1 : turns);
  }

  private void passed(ProbeResult.Passed result) {
    failures = 0;
    passes++;
    boolean eligible = state == EffectiveState.UNKNOWN || state == EffectiveState.UP;
    if (eligible || passes >= monitor.rise()) {
      become(EffectiveState.UP, monitor.name() + " passes: " + result.reason());
    } else {
      explain("%s passed %d of %d times needed".formatted(monitor.name(), passes, monitor.rise()));
    }
  }

  private void failed(ProbeResult.Failed result) {
    passes = 0;
    failures++;
    String text =
        "%s failed at %s: %s".formatted(monitor.name(), result.step().phrase(), result.reason());
    boolean stillEligible = state == EffectiveState.UP || state == EffectiveState.PRESSURE;
    if (stillEligible && failures < monitor.fall()) {
      explain("%s (%d of %d)".formatted(text, failures, monitor.fall()));
    } else {
      become(EffectiveState.DOWN, text);
    }
  }

  private void pressed(ProbeResult.Pressure result) {
    passes = 0;
    failures = 0;
    scope = result.scope();
    String whom = result.scope() == PressureScope.OUTSIDE ? " for outside senders" : "";
    become(EffectiveState.PRESSURE, "under pressure" + whom + ": " + result.reason());
  }

  private void inconclusive(ProbeResult.Inconclusive result) {
    String text = monitor.name() + ": " + result.reason();
    if (result.step() == ProbeStep.SOURCE) {
      become(EffectiveState.UNKNOWN, text);
      return;
    }
    boolean talked = result.step() != ProbeStep.PROGRAM && result.step() != ProbeStep.RESOLVE;
    if (talked) {
      failures = 0;
      boolean held = state == EffectiveState.DOWN || state == EffectiveState.PRESSURE;
      passes++;
      if (held && passes >= monitor.rise()) {
        become(EffectiveState.UNKNOWN, text);
        return;
      }
    }
    if (state == EffectiveState.UNKNOWN || state == EffectiveState.UP) {
      explain(text);
    }
  }

  private void become(EffectiveState next, String why) {
    if (state != next) {
      state = next;
      passes = 0;
      failures = 0;
    }
    explain(why);
  }

  private void explain(String why) {
    reason = Printable.line(why, REASON_LENGTH);
  }
}
