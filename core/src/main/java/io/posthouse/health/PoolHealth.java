package io.posthouse.health;

import io.posthouse.model.AdminState;
import io.posthouse.model.Member;
import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.policy.PoolSources;
import io.posthouse.policy.ProbeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The health of all members of one pool: results, failures and the time go in, statuses come out.
 *
 * <p>Every call that may change a status returns what changed. Names that the pool does not have
 * are ignored, because results may outlive the member they are about. {@code nowNanos} is the
 * monotonic clock, {@code wall} is only for display.
 */
public final class PoolHealth {
  /** Time over which the first probes after a start are spread, where the interval is longer. */
  private static final Duration FIRST_PROBES = Duration.ofSeconds(1);

  /** Most addresses of ours that one monitor asks a member from at once; more take turns. */
  public static final int AT_ONCE = 8;

  private Pool pool;
  private PoolSources sources;
  private final Map<String, MemberHealth> members = new LinkedHashMap<>();

  /** The pool at its start; nothing is known of any member. */
  public PoolHealth(
      Pool pool, Map<String, Monitor> monitors, PoolSources sources, long nowNanos, Instant wall) {
    this.pool = pool;
    this.sources = sources;
    reconfigure(pool, monitors, sources, nowNanos, wall);
  }

  /** The pool as last configured. */
  public Pool pool() {
    return pool;
  }

  /** The status of each member by name, in the order of the file; does not change later. */
  public Map<String, MemberStatus> statuses() {
    Map<String, MemberStatus> statuses = new LinkedHashMap<>();
    members.forEach((name, health) -> statuses.put(name, health.status()));
    return Collections.unmodifiableMap(statuses);
  }

  /** Every probe that is due; each counts as under way until {@link #probed} tells its result. */
  public List<ProbeOrder> takeDue(long nowNanos) {
    List<ProbeOrder> due = new ArrayList<>();
    for (MemberHealth health : members.values()) {
      for (MonitorState state : health.monitors()) {
        if (!state.isUnderWay() && nowNanos - state.dueNanos() >= 0) {
          state.begin();
          due.add(order(health, state));
        }
      }
    }
    return due;
  }

  /** A probe of each monitor of a member from each address, due or not. */
  public List<ProbeOrder> orders(String member) {
    MemberHealth health = members.get(member);
    return health == null
        ? List.of()
        : health.monitors().stream().map(state -> order(health, state)).toList();
  }

  /** A probe begins outside the schedule; it counts as under way from now. */
  public void begin(ProbeOrder order) {
    states(order).forEach(MonitorState::begin);
  }

  /** Whether a probe like this one still counts. */
  public boolean has(ProbeOrder order) {
    return !states(order).isEmpty();
  }

  private List<MonitorState> states(ProbeOrder order) {
    MemberHealth health = members.get(order.member());
    return health == null
        ? List.of()
        : health.monitors().stream().filter(state -> order(health, state).equals(order)).toList();
  }

  /** A probe has ended; ignored when the member has another address or monitor by now. */
  public List<MemberChange> probed(
      ProbeOrder order, ProbeResult result, long nowNanos, Instant wall) {
    return change(
        order.member(),
        nowNanos,
        wall,
        health -> states(order).forEach(state -> health.probed(state, result, nowNanos)));
  }

  /**
   * A real connection to a member failed in a way that no client can cause.
   *
   * @param reason for people: {@code connection refused}
   */
  public List<MemberChange> connectFailed(
      String member, String reason, long nowNanos, Instant wall) {
    return change(member, nowNanos, wall, health -> health.connectFailed(reason, nowNanos));
  }

  /** A real connection to a member was made. */
  public List<MemberChange> connectSucceeded(String member, long nowNanos, Instant wall) {
    return change(member, nowNanos, wall, MemberHealth::connectSucceeded);
  }

  /**
   * Real mail of a scope came to this at a member: messages taken, and messages refused by a reply
   * that no client can cause ({@code 452 4.3.1} and its like).
   */
  public List<MemberChange> mail(
      String member, SenderScope scope, MailCounts counts, long nowNanos, Instant wall) {
    return change(member, nowNanos, wall, health -> health.mail(scope, counts, nowNanos));
  }

  /**
   * A pressure reply that its client might have provoked, such as 421: counts as three in a row
   * once three clients have met one within a minute and no message was taken in between.
   *
   * @param client what tells clients apart, such as a hash of the address
   */
  public List<MemberChange> pressureFor(
      String member, SenderScope scope, String reply, long client, long nowNanos, Instant wall) {
    return change(
        member, nowNanos, wall, health -> health.pressureFor(client, scope, reply, nowNanos));
  }

  /**
   * A member failed in a way that the client might have provoked, such as a time-out at MAIL: takes
   * the member down once three clients have seen it fail within a minute and no message was taken
   * in between.
   *
   * @param reason for people: {@code no reply to MAIL in 60 s}
   * @param client what tells clients apart, such as a hash of the address
   */
  public List<MemberChange> failedFor(
      String member, String reason, long client, long nowNanos, Instant wall) {
    return change(member, nowNanos, wall, health -> health.failedFor(client, reason, nowNanos));
  }

  /**
   * The message that was a member's trial ended without a word about pressure: refused for another
   * reason, or given up by its client. The next message is the trial.
   */
  public List<MemberChange> trialUndecided(
      String member, SenderScope scope, int trial, long nowNanos, Instant wall) {
    return change(member, nowNanos, wall, health -> health.undecided(scope, trial, nowNanos));
  }

  /** The administrator set a member's state. */
  public List<MemberChange> administer(
      String member, AdminState state, long nowNanos, Instant wall) {
    return change(member, nowNanos, wall, health -> health.administer(state));
  }

  /** Time has passed: trials begin, ramps grow. */
  public List<MemberChange> tick(long nowNanos, Instant wall) {
    Map<String, MemberStatus> before = statuses();
    members.values().forEach(health -> health.refresh(nowNanos, wall));
    return granted(before);
  }

  /** When {@link #tick} or {@link #takeDue} has something to do; empty when nothing is to come. */
  public OptionalLong nextTickNanos(long nowNanos) {
    return members.values().stream()
        .map(health -> health.nextTickNanos(nowNanos))
        .filter(OptionalLong::isPresent)
        .mapToLong(time -> time.getAsLong() - nowNanos)
        .min()
        .stream()
        .map(wait -> nowNanos + wait)
        .findFirst();
  }

  /**
   * Takes a new configuration of the pool. A member that keeps its address keeps what is known of
   * it, monitor by monitor and source by source where neither those nor its TLS nor how it is told
   * of its clients did change; a state set at run time is kept until the member's {@code state} in
   * the file is edited.
   *
   * @return changes of members that were there before and still are
   */
  public List<MemberChange> reconfigure(
      Pool next,
      Map<String, Monitor> monitors,
      PoolSources nextSources,
      long nowNanos,
      Instant wall) {
    Map<String, MemberHealth> before = new LinkedHashMap<>(members);
    Map<String, MemberStatus> told = statuses();
    Pool old = pool;
    pool = next;
    sources = nextSources;
    members.clear();
    for (Member member : next.members().values()) {
      MemberHealth known = before.get(member.name());
      members.put(member.name(), configured(known, old, member, monitors, nowNanos, wall));
    }
    return granted(told);
  }

  private MemberHealth configured(
      @Nullable MemberHealth old,
      Pool before,
      Member member,
      Map<String, Monitor> monitors,
      long nowNanos,
      Instant wall) {
    boolean sameAddress = old != null && old.member().address().equals(member.address());
    boolean askedAlike =
        old != null
            && sameAddress
            && before.tls().equals(pool.tls())
            && before.announce() == pool.announce()
            && Objects.equals(old.member().tlsName(before.tls()), member.tlsName(pool.tls()));
    List<MonitorState> states = new ArrayList<>();
    for (Monitor monitor : monitorsOf(member, monitors)) {
      states.addAll(statesOf(askedAlike ? old : null, member, monitor, nowNanos));
    }
    if (old == null) {
      return new MemberHealth(member, states, pool.slowStart(), wall);
    }
    AdminState admin =
        old.member().state() == member.state() ? old.status().admin() : member.state();
    MemberHealth health =
        sameAddress
            ? new MemberHealth(old, member, states, pool.slowStart())
            : new MemberHealth(member, states, pool.slowStart(), wall);
    health.administer(admin);
    health.refresh(nowNanos, wall);
    return health;
  }

  private List<Monitor> monitorsOf(Member member, Map<String, Monitor> monitors) {
    Collection<String> names = Objects.requireNonNullElse(member.monitors(), pool.monitors());
    return names.stream().distinct().map(monitors::get).filter(Objects::nonNull).toList();
  }

  /** One for each address that the member is asked from; a program is run once for all. */
  private List<MonitorState> statesOf(
      @Nullable MemberHealth old, Member member, Monitor monitor, long nowNanos) {
    List<ProbeSource> from =
        monitor.type() == Monitor.Type.EXEC
            ? PoolSources.AUTOMAP.all()
            : sources.towards(member.address().host());
    int turns = (from.size() + AT_ONCE - 1) / AT_ONCE;
    List<MonitorState> states = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      long turnNanos = nowNanos + i / AT_ONCE * monitor.interval().toNanos();
      MonitorState state = stateOf(old, member, monitor, from.get(i), turnNanos);
      state.turns(turns);
      states.add(state);
    }
    return states;
  }

  private MonitorState stateOf(
      @Nullable MemberHealth old,
      Member member,
      Monitor monitor,
      ProbeSource source,
      long turnNanos) {
    if (old != null) {
      for (MonitorState state : old.monitors()) {
        if (state.monitor().equals(monitor) && state.source().equals(source)) {
          return state;
        }
      }
    }
    // By name and not by chance, so that every start looks the same.
    int hash = (pool.name() + '/' + member.name() + '/' + monitor.name()).hashCode() * 0x9E3779B9;
    double share = (hash >>> 1) / (double) Integer.MAX_VALUE;
    long spread = Math.min(FIRST_PROBES.toNanos(), monitor.interval().toNanos());
    double firstShare = 0.1 + 0.9 * share;
    return new MonitorState(monitor, source, turnNanos + (long) (spread * share), firstShare);
  }

  private ProbeOrder order(MemberHealth health, MonitorState state) {
    Member member = health.member();
    return new ProbeOrder(
        pool.name(),
        member.name(),
        member.address(),
        state.monitor(),
        pool.tls(),
        member.tlsName(pool.tls()),
        pool.announce(),
        state.source());
  }

  private List<MemberChange> change(
      String member, long nowNanos, Instant wall, Consumer<MemberHealth> step) {
    MemberHealth health = members.get(member);
    if (health == null) {
      return List.of();
    }
    Map<String, MemberStatus> before = statuses();
    step.accept(health);
    health.refresh(nowNanos, wall);
    return granted(before);
  }

  /** Says how much of its weight each member keeps, and what has changed since. */
  private List<MemberChange> granted(Map<String, MemberStatus> before) {
    List<MemberHealth> able =
        members.values().stream()
            .filter(health -> health.status().work(SenderScope.INSIDE) != MemberStatus.Work.NONE)
            .toList();
    double[] inside = shares(able, SenderScope.INSIDE);
    double[] outside = shares(able, SenderScope.OUTSIDE);
    for (int i = 0; i < able.size(); i++) {
      able.get(i).grant(inside[i], outside[i]);
    }
    members.values().stream()
        .filter(health -> !able.contains(health))
        .forEach(MemberHealth::grantAsWished);
    List<MemberChange> changes = new ArrayList<>();
    members.forEach((name, health) -> {
      MemberStatus old = before.get(name);
      if (old != null && !old.equals(health.status())) {
        changes.add(new MemberChange(name, old, health.status()));
      }
    });
    return changes;
  }

  private static double[] shares(List<MemberHealth> able, SenderScope scope) {
    return PressureBound.grant(
        able.stream()
            .map(health ->
                new PressureBound.Wish(health.member().weight(), health.status().pressure(scope)))
            .toList());
  }
}
