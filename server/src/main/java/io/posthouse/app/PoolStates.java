package io.posthouse.app;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.Status.Effective;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.model.AdminState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each pool comes to, from its members' statuses, and since when. Written by the health
 * owner's thread, pruned by the reconciler's, read by any.
 */
final class PoolStates {

  /** What a pool comes to. */
  record PoolState(Effective effective, String reason, Instant since) {}

  private final Map<String, PoolState> states = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final EventSink events;

  PoolStates(InstantSource clock, EventSink events) {
    this.clock = clock;
    this.events = events;
  }

  /** The state of a pool; unknown ones are up since now, as nothing speaks against them. */
  PoolState of(String pool) {
    return states.getOrDefault(
        pool, new PoolState(Effective.UP, "nothing is known yet", clock.instant()));
  }

  /**
   * Takes in the statuses of a pool's members and says so when the pool comes to something else.
   */
  void changed(String pool, Collection<MemberStatus> members) {
    Effective effective = effective(members);
    String reason = reason(members);
    PoolState before = states.get(pool);
    if (before != null && before.effective() == effective) {
      states.put(pool, new PoolState(effective, reason, before.since()));
      return;
    }
    states.put(pool, new PoolState(effective, reason, clock.instant()));
    if (before != null || effective != Effective.UP) {
      events.emit(
          Event.of(
              EventKind.POOL_STATE,
              "pool",
              pool,
              "state",
              effective.name().toLowerCase(Locale.ROOT),
              "reason",
              reason));
    }
  }

  /** Forgets the pools that are not among these. */
  void keepOnly(Set<String> pools) {
    states.keySet().retainAll(pools);
  }

  static Effective effective(Collection<MemberStatus> members) {
    if (members.stream().allMatch(m -> m.admin() == AdminState.DISABLED)) {
      return Effective.DISABLED;
    }
    if (members.stream().anyMatch(m -> m.work() == Work.NEW)) {
      return Effective.UP;
    }
    return members.stream().anyMatch(m -> m.work() == Work.LAST_RESORT)
        ? Effective.PRESSURE
        : Effective.DOWN;
  }

  private static String reason(Collection<MemberStatus> members) {
    long usable = members.stream().filter(m -> m.work() == Work.NEW).count();
    long pressured = members.stream().filter(m -> m.work() == Work.LAST_RESORT).count();
    long down = members.stream().filter(m -> m.effective() == EffectiveState.DOWN).count();
    long set = members.stream().filter(m -> m.admin() != AdminState.ENABLED).count();
    StringBuilder text = new StringBuilder();
    text.append(usable).append(" of ").append(members.size()).append(" members usable");
    append(text, pressured, " under pressure");
    append(text, down, " down");
    append(text, set, " draining or disabled");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String what) {
    if (count > 0) {
      text.append(", ").append(count).append(what);
    }
  }
}
