package io.posthouse.bench.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a run. Started sessions are the good ones and the failed ones, with none left over.
 *
 * @param seconds from the start to the end of the last good session; without any, to the end
 * @param sessionsOk sessions that got 221 to QUIT
 * @param messagesOk messages that got a positive final reply
 * @param bodyBytes octets of these messages
 * @param handshakes TLS handshakes of good sessions that were finished
 * @param handshakesResumed of these, those that resumed a session
 * @param failures of good sessions
 * @param idleHeld idle links that were open when the run was told to end
 * @param idleLost idle links that had a banner and were ended by the other side
 * @param idleFailures of idle links before their banner
 */
public record LoadResult(
    double seconds,
    long sessionsStarted,
    long sessionsOk,
    long messagesStarted,
    long messagesOk,
    long bodyBytes,
    long handshakes,
    long handshakesResumed,
    List<Failure> failures,
    Latency sessionMillis,
    Latency messageMillis,
    int idleHeld,
    long idleLost,
    List<Failure> idleFailures,
    List<BadResult> bad) {

  static LoadResult of(LoadPlan plan, Tally all, double seconds, int idleHeld) {
    List<BadResult> bad = new ArrayList<>();
    for (BadKind kind : BadKind.values()) {
      int peers = plan.bad().getOrDefault(kind, 0);
      if (peers > 0) {
        Tally.Bad t = all.bad(kind);
        bad.add(new BadResult(kind, peers, t.opened, t.refused, t.closedByPeer, t.bytes));
      }
    }
    return new LoadResult(
        seconds,
        all.sessionsStarted,
        all.sessionsOk,
        all.messagesStarted,
        all.messagesOk,
        all.bodyBytes,
        all.handshakes,
        all.handshakesResumed,
        all.failures.list(),
        Latency.of(all.sessionNanos),
        Latency.of(all.messageNanos),
        idleHeld,
        all.idleLost,
        all.idleFailures.list(),
        List.copyOf(bad));
  }

  /** Good sessions that did not reach their end. */
  public long sessionsFailed() {
    return sessionsStarted - sessionsOk;
  }

  /** How often good sessions failed at a stage for a cause. */
  public long failed(Stage stage, Cause cause) {
    return failures.stream()
        .filter(f -> f.stage() == stage && f.cause() == cause)
        .mapToLong(Failure::count)
        .sum();
  }

  /** Whether every good session and every idle link did what it should. */
  public boolean isClean() {
    return sessionsFailed() == 0 && idleLost == 0 && idleFailures.isEmpty();
  }

  /** The form for JSON, with the keys that docs/benchmark.md lists. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("elapsed-seconds", seconds);
    map.put("sessions", counts(sessionsStarted, sessionsOk));
    map.put("messages", counts(messagesStarted, messagesOk));
    map.put("body-bytes", bodyBytes);
    map.put("tls", Map.of("handshakes", handshakes, "resumed", handshakesResumed));
    map.put("failures", failures.stream().map(LoadResult::failureMap).toList());
    map.put("session-latency-ms", sessionMillis.toMap());
    map.put("message-latency-ms", messageMillis.toMap());
    Map<String, Object> idle = new LinkedHashMap<>();
    idle.put("held", idleHeld);
    idle.put("lost", idleLost);
    idle.put("failures", idleFailures.stream().map(LoadResult::failureMap).toList());
    map.put("idle-links", idle);
    map.put("bad-peers", bad.stream().map(LoadResult::badMap).toList());
    return map;
  }

  private Map<String, Object> counts(long started, long ok) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("started", started);
    map.put("ok", ok);
    map.put("failed", started - ok);
    map.put("per-second", seconds == 0 ? 0 : ok / seconds);
    return map;
  }

  private static Map<String, Object> failureMap(Failure failure) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("stage", failure.stage().key());
    map.put("cause", failure.cause().key());
    map.put("count", failure.count());
    map.put("sample", failure.sample());
    return map;
  }

  private static Map<String, Object> badMap(BadResult bad) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", bad.kind().key());
    map.put("peers", bad.peers());
    map.put("opened", bad.opened());
    map.put("refused", bad.refused());
    map.put("closed-by-peer", bad.closedByPeer());
    map.put("bytes", bad.bytes());
    return map;
  }
}
