package io.posthouse.balance;

import io.posthouse.health.EffectiveState;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.Pressure;
import io.posthouse.health.SenderScope;
import io.posthouse.model.AdminState;
import io.posthouse.model.Announce;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Pool;
import io.posthouse.model.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pool with loads that a test moves by hand, and the views that follow from it. */
final class Rig {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  final Turn turn = new Turn();
  final Map<String, HandLoad> loads = new LinkedHashMap<>();
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, MemberStatus> statuses = new LinkedHashMap<>();
  private final BalanceMethod method;
  private int minActive = 1;

  Rig(BalanceMethod method) {
    this.method = method;
  }

  /** A pool of members m0, m1 and so on with these weights. */
  static Rig weighted(BalanceMethod method, int... weights) {
    Rig rig = new Rig(method);
    for (int i = 0; i < weights.length; i++) {
      rig.member("m" + i, weights[i], 0);
    }
    return rig;
  }

  Rig member(String name, int weight, int priority) {
    members.put(
        name,
        new Member(
            name,
            new Endpoint("10.0.0.1", 25),
            weight,
            priority,
            0,
            AdminState.ENABLED,
            null,
            true,
            null));
    loads.put(name, new HandLoad());
    return state(name, EffectiveState.UP);
  }

  Rig minActive(int members) {
    minActive = members;
    return this;
  }

  Rig without(String name) {
    members.remove(name);
    return this;
  }

  Rig state(String name, EffectiveState effective) {
    return status(name, AdminState.ENABLED, effective, 1);
  }

  /** A recovered member at a share of its weight; 1 is the end of the ramp. */
  Rig ramp(String name, double share) {
    return status(name, AdminState.ENABLED, EffectiveState.UP, share);
  }

  Rig status(String name, AdminState admin, EffectiveState effective, double share) {
    statuses.put(name, new MemberStatus(admin, effective, share < 1, share, "test", NOON));
    return this;
  }

  /** A member under this pressure, by scope of the sender. */
  Rig pressure(String name, Pressure inside, Pressure outside) {
    statuses.put(
        name,
        new MemberStatus(
            AdminState.ENABLED, EffectiveState.PRESSURE, false, 1, inside, outside, "test", NOON));
    return this;
  }

  HandLoad load(String name) {
    HandLoad load = loads.get(name);
    if (load == null) {
      throw new IllegalArgumentException(name);
    }
    return load;
  }

  PoolView<HandLoad> view() {
    Pool pool =
        new Pool(
            "hub",
            method,
            minActive,
            List.of(),
            Duration.ofSeconds(5),
            Duration.ZERO,
            new Pool.Queue(100, Duration.ofSeconds(5)),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            List.of(),
            new Pool.Retry(3, Duration.ofMinutes(2), new Size(1 << 18)),
            new Pool.Reuse(5, Duration.ofSeconds(10)),
            MemberTls.OFF,
            false,
            Announce.NONE,
            null,
            members);
    return PoolView.of(pool, statuses, loads, turn);
  }

  /** The best candidate of a search that the filter takes; there must be one. */
  static Choice<HandLoad> first(
      PoolView.Search<HandLoad> search, java.util.function.Predicate<HandLoad> filter) {
    Choice<HandLoad> choice = search.next(filter);
    if (choice == null) {
      throw new AssertionError("nobody is usable");
    }
    return choice;
  }

  /** The best candidate of a search. */
  static Choice<HandLoad> first(PoolView.Search<HandLoad> search) {
    return first(search, load -> true);
  }

  /** Every candidate of one search, in order. */
  List<Choice<HandLoad>> order(long clientHash) {
    PoolView.Search<HandLoad> search = view().search(clientHash);
    List<Choice<HandLoad>> order = new java.util.ArrayList<>();
    Choice<HandLoad> next;
    while ((next = search.next(load -> true)) != null) {
      order.add(next);
    }
    return order;
  }

  /** The names of {@link #order}. */
  List<String> names(long clientHash) {
    return order(clientHash).stream().map(Choice::name).toList();
  }

  /** A load moved by hand. */
  static final class HandLoad implements Load {
    int connections;
    int transactions = -1;
    private final Trials trials = new Trials();
    long responseNanos;

    @Override
    public int connections() {
      return connections;
    }

    @Override
    public int messages() {
      return transactions < 0 ? Load.super.messages() : transactions;
    }

    @Override
    public boolean claimTrial(SenderScope scope, int trial) {
      return trials.claim(scope, trial);
    }

    @Override
    public void giveBackTrial(SenderScope scope, int trial) {
      trials.giveBack(scope, trial);
    }

    @Override
    public long responseNanos() {
      return responseNanos;
    }
  }
}
