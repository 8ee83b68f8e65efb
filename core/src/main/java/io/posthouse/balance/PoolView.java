package io.posthouse.balance;

import io.posthouse.health.MemberStatus;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One immutable picture of a pool, from which links choose their member.
 *
 * <p>Members that may take new work stand in tiers. The first tier is what the balance method works
 * on: the lowest priority group, and the next ones as long as there are fewer than {@code
 * min-active}. The groups behind it are asked only when every member of the first could not be
 * reached, and members under pressure last of all, so that a client is refused only when nobody can
 * take it. When only pressured members are left, they are the first tier.
 *
 * @param <L> what the builder keeps for a member besides its load
 */
public final class PoolView<L extends Load> {
  private final List<Tier<L>> tiers;
  private final Map<String, Work> work;

  private PoolView(List<Tier<L>> tiers, Map<String, Work> work) {
    this.tiers = List.copyOf(tiers);
    this.work = Map.copyOf(work);
  }

  /**
   * Builds the view of a pool.
   *
   * @param statuses the status of each of the pool's members
   * @param loads the live load of each of the pool's members
   * @param turn the pool's turn, the same for all its views
   */
  public static <L extends Load> PoolView<L> of(
      Pool pool, Map<String, MemberStatus> statuses, Map<String, L> loads, Turn turn) {
    Map<String, Work> work = new HashMap<>();
    TreeMap<Integer, List<Slot<L>>> groups = new TreeMap<>();
    List<Slot<L>> pressured = new ArrayList<>();
    for (Member member : pool.members().values()) {
      MemberStatus status = statuses.get(member.name());
      L load = loads.get(member.name());
      if (status == null || load == null) {
        throw new IllegalArgumentException("no status or load for " + member.name());
      }
      work.put(member.name(), status.work());
      Slot<L> slot =
          new Slot<>(member.name(), load, member.priority(), effectiveWeight(member, status));
      switch (status.work()) {
        case NEW -> groups.computeIfAbsent(member.priority(), p -> new ArrayList<>()).add(slot);
        case LAST_RESORT -> pressured.add(slot);
        case NONE -> {}
      }
    }
    List<Tier<L>> tiers = new ArrayList<>();
    List<Slot<L>> active = new ArrayList<>();
    while (!groups.isEmpty() && active.size() < pool.minActive()) {
      active.addAll(groups.pollFirstEntry().getValue());
    }
    if (!active.isEmpty()) {
      tiers.add(new Tier<>(pool, active, turn));
    }
    for (List<Slot<L>> group : groups.values()) {
      tiers.add(new Tier<>(pool, group, turn));
    }
    if (!pressured.isEmpty()) {
      tiers.add(new Tier<>(pool, pressured, turn));
    }
    return new PoolView<>(tiers, work);
  }

  /** Whether any member may take new work. */
  public boolean usable() {
    return !tiers.isEmpty();
  }

  /** What a member may be given; NONE for a name that the pool does not have. */
  public Work work(String member) {
    return work.getOrDefault(member, Work.NONE);
  }

  /**
   * Starts the search for a link's member.
   *
   * @param clientHash a well mixed hash of what tells clients apart
   */
  public Search<L> search(long clientHash) {
    return new Search<>(tiers, clientHash);
  }

  /** Weights in 256ths of the file's, so that a ramp has steps below one. */
  private static int effectiveWeight(Member member, MemberStatus status) {
    double share = status.ramping() ? status.rampShare() : 1;
    return (int) Math.max(1, Math.round(member.weight() * 256 * share));
  }

  /** A member as a tier knows it. */
  record Slot<L extends Load>(String name, L load, int priority, int weight) {}

  /** Members whose turn comes together. */
  record Tier<L extends Load>(List<Slot<L>> slots, Selector selector) {

    Tier(Pool pool, List<Slot<L>> slots, Turn turn) {
      this(List.copyOf(slots), selector(pool, slots, turn));
    }

    private static <L extends Load> Selector selector(Pool pool, List<Slot<L>> slots, Turn turn) {
      int[] weights = slots.stream().mapToInt(Slot::weight).toArray();
      List<L> loads = slots.stream().map(Slot::load).toList();
      return switch (pool.balance()) {
        case ROUND_ROBIN -> new RoundRobin(weights, turn);
        case LEAST_CONNECTIONS -> new LeastLoad(weights, loads, Load::connections, turn);
        case LEAST_MESSAGES -> new LeastLoad(weights, loads, Load::messages, turn);
        case TWO_CHOICES -> new TwoChoices(weights, loads, turn);
        case RESPONSE_TIME -> new ResponseTime(weights, loads, turn);
        case SOURCE_HASH -> new SourceHash(slots.stream().map(Slot::name).toList(), weights);
      };
    }
  }

  /**
   * One link's way through the candidates, best first, none twice. Not shared between threads.
   *
   * @param <L> what the builder of the view keeps for a member
   */
  public static final class Search<L extends Load> {
    private final List<Tier<L>> tiers;
    private final long clientHash;
    private int tier;
    private Tried tried = new Tried();
    private @Nullable String hadBefore;

    private Search(List<Tier<L>> tiers, long clientHash) {
      this.tiers = tiers;
      this.clientHash = clientHash;
    }

    /** The next candidate that the filter takes; null when there is none left. */
    public @Nullable Choice<L> next(Predicate<L> filter) {
      while (tier < tiers.size()) {
        Tier<L> now = tiers.get(tier);
        int index;
        while ((index = now.selector().choose(clientHash, tried)) >= 0) {
          tried.add(index);
          Slot<L> slot = now.slots().get(index);
          if (!slot.name().equals(hadBefore) && filter.test(slot.load())) {
            Choice.Why why = tier == 0 ? Choice.Why.METHOD : Choice.Why.FALLBACK;
            return new Choice<>(slot.name(), slot.load(), why, slot.priority());
          }
        }
        tier++;
        tried = new Tried();
      }
      return null;
    }

    /** Takes a member ahead of its turn, because the client had it before; null when it cannot. */
    public @Nullable Choice<L> persistent(String member, Predicate<L> filter) {
      for (Tier<L> each : tiers) {
        for (Slot<L> slot : each.slots()) {
          if (slot.name().equals(member) && filter.test(slot.load())) {
            hadBefore = member;
            return new Choice<>(member, slot.load(), Choice.Why.PERSISTENCE, slot.priority());
          }
        }
      }
      return null;
    }
  }
}
