package io.posthouse.probe;

import io.posthouse.door.ProbeReport;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.Announce;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A probe that is under way, who waits for it, and the watch over it. For the owner's thread only.
 *
 * <p>Reads have deadlines of their own, writes and a few other things have none: a member that
 * never reads may block TLS, a resolver may hang. Past {@link #longest} the probe's thread is
 * interrupted, which closes its socket, and it comes back with the step it was in. One that does
 * not come back even then is {@link Watch#LOST}: its result is decided without it, now and whenever
 * it would have been asked again, until its thread ends.
 */
final class RunningProbe {
  /** Beyond the time of all steps: for a resolver, and for a machine that is short of itself. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private static final Duration GRACE = Duration.ofSeconds(5);

  /** What the watch found. */
  enum Watch {
    /** There is time left, or nobody waits any more. */
    FINE,
    /** It was interrupted just now. */
    STOPPED,
    /** It did not end when it was interrupted. */
    LOST
  }

  private final Thread thread;
  private final Duration longest;
  private final List<CompletableFuture<ProbeReport>> waiting = new ArrayList<>();
  private long deadlineNanos;
  private boolean stopped;
  private boolean decided;

  RunningProbe(Thread thread, ProbeOrder order, long nowNanos) {
    this.thread = thread;
    this.longest = longest(order);
    this.deadlineNanos = nowNanos + longest.toNanos();
  }

  /** The most time a probe takes: that of each step, and some more. */
  static Duration longest(ProbeOrder order) {
    Monitor monitor = order.monitor();
    int steps =
        switch (monitor.type()) {
          case TCP -> 1;
          // Waits for its turn, then runs.
          case EXEC -> 2;
          case SMTP -> smtpSteps(monitor.depth(), order.spokenTls()) + xclientSteps(order);
        };
    return monitor.timeout().multipliedBy(steps).plus(SLACK);
  }

  /** How a probe failed that was stopped. */
  static String reason(ProbeOrder order) {
    return "did not finish within " + Failures.phrase(longest(order));
  }

  /** The result of a probe that is lost; only what cannot be interrupted gets lost. */
  static ProbeResult lost(ProbeOrder order) {
    Monitor monitor = order.monitor();
    ProbeStep found = order.address().isLiteral() ? ProbeStep.CONNECT : ProbeStep.RESOLVE;
    return new ProbeResult.Failed(
        monitor.type() == Monitor.Type.EXEC ? ProbeStep.PROGRAM : found, reason(order));
  }

  /** Connect, banner and QUIT; EHLO and HELO; STARTTLS, TLS and EHLO; MAIL, RSET, MAIL; RCPTs. */
  private static int smtpSteps(Depth depth, MemberTls tls) {
    boolean plain = tls.mode() == MemberTls.Mode.OFF;
    return switch (depth) {
      case CONNECT, BANNER -> plain ? 3 : 4;
      case HELLO -> plain ? 5 : 8;
      case STARTTLS -> 8;
      case SENDER -> 11;
      case RECIPIENT -> 13;
    };
  }

  /** XCLIENT and EHLO. */
  private static int xclientSteps(ProbeOrder order) {
    boolean said =
        order.spokenAnnounce() == Announce.XCLIENT
            && order.monitor().depth().compareTo(Depth.HELLO) >= 0;
    return said ? 2 : 0;
  }

  Thread thread() {
    return thread;
  }

  /** Who gets the report. */
  List<CompletableFuture<ProbeReport>> waiting() {
    return waiting;
  }

  /** It is asked for again while it runs; one that is lost is watched anew. */
  void wanted(long nowNanos) {
    if (decided) {
      decided = false;
      deadlineNanos = nowNanos + longest.toNanos();
    }
  }

  /** Whether a result was told in its place, so that its own comes too late. */
  boolean isDecided() {
    return decided;
  }

  /** The time until {@link #watch} has something to do; a very long one if it has not. */
  long nanosLeft(long nowNanos) {
    return decided ? Long.MAX_VALUE : Math.max(0, deadlineNanos - nowNanos);
  }

  /** Looks at the clock. */
  Watch watch(long nowNanos) {
    if (decided || deadlineNanos - nowNanos > 0) {
      return Watch.FINE;
    }
    if (stopped) {
      decided = true;
      return Watch.LOST;
    }
    stopped = true;
    deadlineNanos = nowNanos + GRACE.toNanos();
    thread.interrupt();
    return Watch.STOPPED;
  }
}
