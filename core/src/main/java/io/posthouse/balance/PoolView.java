package io.posthouse.balance;

import io.posthouse.balance.Tiers.Candidate;
import io.posthouse.balance.Tiers.Slot;
import io.posthouse.balance.Tiers.Tier;
import io.posthouse.balance.Tiers.Trial;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.health.SenderScope;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One immutable picture of a pool, from which links and messages choose their member.
 *
 * <p>Members that may take new work stand in tiers. The first tier is what the balance method works
 * on: the lowest priority group, and the next ones as long as there are fewer than {@code
 * min-active}. The groups behind it are asked only when every member of the first could not be
 * reached, and members under pressure last of all, so that a client is refused only when nobody can
 * take it. When only pressured members are left, they are the first tier.
 *
 * <p>There are three such orders. For a link, any pressure puts a member last, since nobody knows
 * whose mail it brings. For a message it depends on its sender's scope: a member in part under
 * pressure keeps its place with a smaller weight, one that is out stands last, and one that is on
 * trial is offered to one message before all others. Where no member is under pressure the three
 * are one.
 *
 * @param <L> what the builder keeps for a member besides its load
 */
public final class PoolView<L extends Load> {
  private final Tiers<L> forLinks;
  private final Tiers<L> forInside;
  private final Tiers<L> forOutside;
  private final Map<String, MemberStatus> statuses;

  private PoolView(
      Tiers<L> forLinks,
      Tiers<L> forInside,
      Tiers<L> forOutside,
      Map<String, MemberStatus> statuses) {
    this.forLinks = forLinks;
    this.forInside = forInside;
    this.forOutside = forOutside;
    this.statuses = Map.copyOf(statuses);
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
    Map<String, MemberStatus> own = new HashMap<>();
    List<Candidate<L>> links = new ArrayList<>();
    List<Candidate<L>> inside = new ArrayList<>();
    List<Candidate<L>> outside = new ArrayList<>();
    for (Member member : pool.members().values()) {
      MemberStatus status = statuses.get(member.name());
      L load = loads.get(member.name());
      if (status == null || load == null) {
        throw new IllegalArgumentException("no status or load for " + member.name());
      }
      own.put(member.name(), status);
      links.add(new Candidate<>(slot(member, load, status, 1), status.work(), 0));
      inside.add(candidate(member, load, status, SenderScope.INSIDE));
      outside.add(candidate(member, load, status, SenderScope.OUTSIDE));
    }
    Tiers<L> forLinks = Tiers.of(pool, links, turn, null);
    Tiers<L> forInside =
        inside.equals(links) ? forLinks : Tiers.of(pool, inside, turn, SenderScope.INSIDE);
    Tiers<L> forOutside =
        outside.equals(links) ? forLinks : Tiers.of(pool, outside, turn, SenderScope.OUTSIDE);
    return new PoolView<>(forLinks, forInside, forOutside, own);
  }

  private static <L extends Load> Candidate<L> candidate(
      Member member, L load, MemberStatus status, SenderScope scope) {
    Work work = status.work(scope);
    // Who is out keeps its weight among those that are.
    double share = work == Work.NEW ? status.pressure(scope).share() : 1;
    return new Candidate<>(slot(member, load, status, share), work, status.pressure(scope).trial());
  }

  /** Weights in 256ths of the file's, so that ramps and shares have steps below one. */
  private static <L extends Load> Slot<L> slot(
      Member member, L load, MemberStatus status, double share) {
    double ramp = status.ramping() ? status.rampShare() : 1;
    int weight = (int) Math.max(1, Math.round(member.weight() * 256 * ramp * share));
    return new Slot<>(member.name(), load, member.priority(), weight);
  }

  /** Whether any member may take new work; the same for links and for messages. */
  public boolean usable() {
    return !forLinks.tiers().isEmpty();
  }

  /**
   * The members whose turn it is among links, each with its weight in 256ths of the file's; empty
   * when none may take new work. For those who spread links where they cannot be counted.
   */
  public Map<String, Integer> shares() {
    Map<String, Integer> shares = new LinkedHashMap<>();
    forLinks.tiers().stream()
        .limit(1)
        .flatMap(tier -> tier.slots().stream())
        .forEach(slot -> shares.put(slot.name(), slot.weight()));
    return shares;
  }

  /** What a member may be given of links; NONE for a name that the pool does not have. */
  public Work work(String member) {
    MemberStatus status = statuses.get(member);
    return status == null ? Work.NONE : status.work();
  }

  /**
   * What a member may be given of a scope's messages; NONE for a name that the pool does not have.
   */
  public Work work(String member, SenderScope scope) {
    MemberStatus status = statuses.get(member);
    return status == null ? Work.NONE : status.work(scope);
  }

  /**
   * Starts the search for a link's member.
   *
   * @param clientHash a well mixed hash of what tells clients apart
   */
  public Search<L> search(long clientHash) {
    return new Search<>(forLinks, clientHash);
  }

  /**
   * Starts the search for a message's member.
   *
   * @param clientHash a well mixed hash of what tells clients apart
   * @param scope whose message it is
   */
  public Search<L> search(long clientHash, SenderScope scope) {
    return new Search<>(scope == SenderScope.INSIDE ? forInside : forOutside, clientHash);
  }

  /**
   * The same order, for somebody who only wants to know: no turn is taken and no trial claimed.
   *
   * @param scope whose message it would be; null for a link
   */
  public Search<L> preview(long clientHash, @Nullable SenderScope scope) {
    Search<L> search = scope == null ? search(clientHash) : search(clientHash, scope);
    search.trialsSeen = true;
    search.takesTurns = false;
    search.tried = Tried.withoutTurn();
    return search;
  }

  /**
   * One link's or message's way through the candidates, best first, none twice. Not shared between
   * threads.
   *
   * @param <L> what the builder of the view keeps for a member
   */
  public static final class Search<L extends Load> {
    private final Tiers<L> tiers;
    private final long clientHash;
    private int tier;
    private Tried tried = new Tried();
    private boolean trialsSeen;
    private boolean takesTurns = true;
    private @Nullable String hadBefore;
    private @Nullable String tested;

    private Search(Tiers<L> tiers, long clientHash) {
      this.tiers = tiers;
      this.clientHash = clientHash;
    }

    /**
     * The next candidate that the filter takes; null when there is none left.
     *
     * <p>The first call may claim a trial; a filter that refuses gives it back.
     */
    public @Nullable Choice<L> next(Predicate<L> filter) {
      if (!trialsSeen) {
        trialsSeen = true;
        Choice<L> trial = trial(filter);
        if (trial != null) {
          return trial;
        }
      }
      while (tier < tiers.tiers().size()) {
        Tier<L> now = tiers.tiers().get(tier);
        int index;
        while ((index = now.selector().choose(clientHash, tried)) >= 0) {
          tried.add(index);
          Slot<L> slot = now.slots().get(index);
          if (isNew(slot.name()) && filter.test(slot.load())) {
            Choice.Why why = tier == 0 ? Choice.Why.METHOD : Choice.Why.FALLBACK;
            return choice(slot, why, 0);
          }
        }
        tier++;
        tried = takesTurns ? new Tried() : Tried.withoutTurn();
      }
      return null;
    }

    /** Takes a member ahead of its turn, because the client had it before; null when it cannot. */
    public @Nullable Choice<L> persistent(String member, Predicate<L> filter) {
      for (Tier<L> each : tiers.tiers()) {
        for (Slot<L> slot : each.slots()) {
          if (slot.name().equals(member) && filter.test(slot.load())) {
            hadBefore = member;
            trialsSeen = true;
            return choice(slot, Choice.Why.PERSISTENCE, 0);
          }
        }
      }
      return null;
    }

    private @Nullable Choice<L> trial(Predicate<L> filter) {
      SenderScope scope = tiers.scope();
      if (scope == null) {
        return null;
      }
      for (Trial<L> trial : tiers.trials()) {
        Slot<L> slot = trial.slot();
        if (!slot.load().claimTrial(scope, trial.number())) {
          continue;
        }
        if (filter.test(slot.load())) {
          tested = slot.name();
          return choice(slot, Choice.Why.TRIAL, trial.number());
        }
        slot.load().giveBackTrial(scope, trial.number());
      }
      return null;
    }

    private boolean isNew(String member) {
      return !member.equals(hadBefore) && !member.equals(tested);
    }

    private static <L extends Load> Choice<L> choice(Slot<L> slot, Choice.Why why, int trial) {
      return new Choice<>(slot.name(), slot.load(), why, slot.priority(), trial);
    }
  }
}
