package io.posthouse.bench;

import io.posthouse.bench.load.BadResult;
import io.posthouse.bench.load.Failure;
import io.posthouse.bench.load.Latency;
import io.posthouse.bench.load.LoadPlan;
import io.posthouse.bench.load.LoadResult;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** The result of a load run for people. */
final class LoadSummary {

  private LoadSummary() {}

  static String of(LoadPlan plan, LoadResult result) {
    Formatter out = new Formatter(new StringBuilder(), Locale.ROOT);
    out.format("%s, %.1f s%n", Addresses.format(plan.target()), result.seconds());
    if (plan.sessions().concurrent() > 0) {
      sessions(out, plan, result);
    }
    failures(out, "failed", result.failures());
    if (plan.idleLinks() > 0) {
      out.format("idle links %,d held, %,d lost%n", result.idleHeld(), result.idleLost());
      failures(out, "no banner", result.idleFailures());
    }
    for (BadResult bad : result.bad()) {
      out.format(
          "bad peers  %,d %s: %,d links opened, %,d refused, %,d closed by the peer, %,d bytes%n",
          bad.peers(),
          bad.kind().key(),
          bad.opened(),
          bad.refused(),
          bad.closedByPeer(),
          bad.bytes());
    }
    return out.toString();
  }

  private static void sessions(Formatter out, LoadPlan plan, LoadResult result) {
    out.format(
        "sessions   %,d ok, %,d failed, %,.0f a second%n",
        result.sessionsOk(), result.sessionsFailed(), rate(result.sessionsOk(), result.seconds()));
    out.format(
        "messages   %,d ok, %,d failed, %,.0f a second, %.1f MB a second%n",
        result.messagesOk(),
        result.messagesStarted() - result.messagesOk(),
        rate(result.messagesOk(), result.seconds()),
        rate(result.bodyBytes(), result.seconds()) / 1e6);
    if (plan.tls() != null) {
      out.format(
          "handshakes %,d, %,d of them resumed%n", result.handshakes(), result.handshakesResumed());
    }
    latency(out, "session", result.sessionMillis());
    latency(out, "message", result.messageMillis());
  }

  private static void failures(Formatter out, String title, List<Failure> failures) {
    for (Failure failure : failures) {
      out.format(
          "%-10s %,d at %s, %s: %s%n",
          title, failure.count(), failure.stage().key(), failure.cause().key(), failure.sample());
    }
  }

  private static void latency(Formatter out, String title, Latency ms) {
    out.format(
        "%-10s p50 %.2f ms, p99 %.2f ms, max %.2f ms%n", title, ms.p50(), ms.p99(), ms.max());
  }

  private static double rate(long count, double seconds) {
    return seconds == 0 ? 0 : count / seconds;
  }
}
