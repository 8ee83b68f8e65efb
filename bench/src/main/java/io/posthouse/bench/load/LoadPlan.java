package io.posthouse.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run does.
 *
 * @param duration when the run ends by itself; zero: at the session limit or when it is stopped
 * @param timeout how long a step of a session may take
 * @param idleLinks links that read the banner and then hold still
 * @param bad bad peers, how many of each kind
 * @param badHold how long a bad peer that does not reset keeps its link before it opens another
 * @param badPause how long a bad peer that has lost or reset its link rests before it opens another
 * @param tls null: all is plain
 */
public record LoadPlan(
    InetSocketAddress target,
    SourceAddresses sources,
    int threads,
    Duration duration,
    Duration timeout,
    SessionLoad sessions,
    MailShape mail,
    int idleLinks,
    Map<BadKind, Integer> bad,
    Duration badHold,
    Duration badPause,
    @Nullable TlsLoad tls) {

  /** How often a bad peer comes back when nothing else is asked for. */
  public static final Duration BAD_PAUSE = Duration.ofMillis(200);

  /** Refuses a run that would have nothing to do or no end that could be told. */
  public LoadPlan {
    if (target.isUnresolved()) {
      throw new IllegalArgumentException("no address for " + target.getHostString());
    }
    if (threads < 1 || idleLinks < 0 || bad.values().stream().anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException("numbers of threads, links and peers are not negative");
    }
    if (timeout.isZero() || timeout.isNegative() || duration.isNegative() || badHold.isNegative()) {
      throw new IllegalArgumentException("durations are not negative and the time-out is not zero");
    }
    if (badPause.isZero() || badPause.isNegative()) {
      throw new IllegalArgumentException("a bad peer rests for more than no time");
    }
    if (tls == null && bad.containsKey(BadKind.HANDSHAKE)) {
      throw new IllegalArgumentException("bad peers that begin a handshake need TLS");
    }
    bad = Map.copyOf(bad);
  }

  /** Good sessions only, on at most two threads, until the run is stopped. */
  public static LoadPlan of(InetSocketAddress target, SessionLoad sessions) {
    return new LoadPlan(
        target,
        SourceAddresses.ANY,
        Math.min(2, Runtime.getRuntime().availableProcessors()),
        Duration.ZERO,
        Duration.ofSeconds(30),
        sessions,
        MailShape.SMALL,
        0,
        Map.of(),
        Duration.ofSeconds(10),
        BAD_PAUSE,
        null);
  }

  /** The same with other good sessions. */
  public LoadPlan withSessions(SessionLoad load) {
    return new LoadPlan(
        target, sources, threads, duration, timeout, load, mail, idleLinks, bad, badHold, badPause,
        tls);
  }

  /** The same with another end. */
  public LoadPlan withDuration(Duration time) {
    return new LoadPlan(
        target, sources, threads, time, timeout, sessions, mail, idleLinks, bad, badHold, badPause,
        tls);
  }

  /** The same with another bound for each step. */
  public LoadPlan withTimeout(Duration time) {
    return new LoadPlan(
        target, sources, threads, duration, time, sessions, mail, idleLinks, bad, badHold, badPause,
        tls);
  }

  /** The same with other messages. */
  public LoadPlan withMail(MailShape shape) {
    return new LoadPlan(
        target, sources, threads, duration, timeout, sessions, shape, idleLinks, bad, badHold,
        badPause, tls);
  }

  /** The same from other addresses. */
  public LoadPlan withSources(SourceAddresses addresses) {
    return new LoadPlan(
        target, addresses, threads, duration, timeout, sessions, mail, idleLinks, bad, badHold,
        badPause, tls);
  }

  /** The same with idle links beside the sessions. */
  public LoadPlan withIdleLinks(int links) {
    return new LoadPlan(
        target, sources, threads, duration, timeout, sessions, mail, links, bad, badHold, badPause,
        tls);
  }

  /** The same with bad peers beside the sessions. */
  public LoadPlan withBad(Map<BadKind, Integer> peers) {
    return new LoadPlan(
        target, sources, threads, duration, timeout, sessions, mail, idleLinks, peers, badHold,
        badPause, tls);
  }

  /** The same in TLS. */
  public LoadPlan withTls(@Nullable TlsLoad load) {
    return new LoadPlan(
        target, sources, threads, duration, timeout, sessions, mail, idleLinks, bad, badHold,
        badPause, load);
  }
}
