package io.posthouse.bench.load;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one loop has counted; its thread's own until the loop has ended. */
final class Tally {

  private static final long ONE_HOUR_NANOS = 3_600_000_000_000L;

  /** What bad peers of one kind have counted. */
  static final class Bad {
    long opened;
    long refused;
    long closedByPeer;
    long bytes;
  }

  final Failures failures = new Failures();
  final Failures idleFailures = new Failures();
  final Histogram sessionNanos = new Histogram(1_000, ONE_HOUR_NANOS, 3);
  final Histogram messageNanos = new Histogram(1_000, ONE_HOUR_NANOS, 3);
  final Map<BadKind, Bad> bad = new EnumMap<>(BadKind.class);
  long sessionsStarted;
  long sessionsOk;
  long messagesStarted;
  long messagesOk;
  long bodyBytes;
  long handshakes;
  long handshakesResumed;
  long idleLost;

  void sessionDone(long nanos) {
    sessionsOk++;
    sessionNanos.recordValue(Math.min(nanos, ONE_HOUR_NANOS));
  }

  void sessionFailed(Stage stage, Cause cause, String text) {
    failures.count(stage, cause, text);
  }

  void messageDone(long nanos, int bytes) {
    messagesOk++;
    bodyBytes += bytes;
    messageNanos.recordValue(Math.min(nanos, ONE_HOUR_NANOS));
  }

  void handshakeDone(boolean resumed) {
    handshakes++;
    if (resumed) {
      handshakesResumed++;
    }
  }

  Bad bad(BadKind kind) {
    return bad.computeIfAbsent(kind, ignored -> new Bad());
  }

  /** Adds what another loop, which has ended, counted. */
  void add(Tally other) {
    failures.add(other.failures);
    idleFailures.add(other.idleFailures);
    sessionNanos.add(other.sessionNanos);
    messageNanos.add(other.messageNanos);
    other.bad.forEach((kind, theirs) -> {
      Bad ours = bad(kind);
      ours.opened += theirs.opened;
      ours.refused += theirs.refused;
      ours.closedByPeer += theirs.closedByPeer;
      ours.bytes += theirs.bytes;
    });
    sessionsStarted += other.sessionsStarted;
    sessionsOk += other.sessionsOk;
    messagesStarted += other.messagesStarted;
    messagesOk += other.messagesOk;
    bodyBytes += other.bodyBytes;
    handshakes += other.handshakes;
    handshakesResumed += other.handshakesResumed;
    idleLost += other.idleLost;
  }
}
