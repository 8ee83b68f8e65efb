package io.posthouse.balance;

import io.posthouse.health.MemberStatus.Work;
import io.posthouse.health.SenderScope;
import io.posthouse.model.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members that may take one kind of work, in the order in which their turn comes: links, or the
 * messages of one scope.
 *
 * @param tiers each asked when all of the one before it was tried in vain
 * @param trials members that one message is the trial of, before any tier is asked
 * @param scope whose messages; null for links
 */
record Tiers<L extends Load>(
    List<Tier<L>> tiers, List<Trial<L>> trials, @Nullable SenderScope scope) {

  /** A member and what it may be given of this kind of work. */
  record Candidate<L extends Load>(Slot<L> slot, Work work, int trial) {}

  /** A member as a tier knows it. */
  record Slot<L extends Load>(String name, L load, int priority, int weight) {}

  /** A member on trial, and the number of it. */
  record Trial<L extends Load>(Slot<L> slot, int number) {}

  /** Members whose turn comes together. */
  record Tier<L extends Load>(List<Slot<L>> slots, Selector selector) {}

  /** Sorts the candidates of a pool. */
  static <L extends Load> Tiers<L> of(
      Pool pool, List<Candidate<L>> candidates, Turn turn, @Nullable SenderScope scope) {
    TreeMap<Integer, List<Slot<L>>> groups = new TreeMap<>();
    List<Slot<L>> pressured = new ArrayList<>();
    for (Candidate<L> candidate : candidates) {
      Slot<L> slot = candidate.slot();
      switch (candidate.work()) {
        case NEW -> groups.computeIfAbsent(slot.priority(), p -> new ArrayList<>()).add(slot);
        case LAST_RESORT -> pressured.add(slot);
        case NONE -> {}
      }
    }
    List<Tier<L>> tiers = new ArrayList<>();
    List<Slot<L>> active = new ArrayList<>();
    while (!groups.isEmpty() && active.size() < pool.minActive()) {
      active.addAll(groups.pollFirstEntry().getValue());
    }
    int last =
        active.size() < pool.minActive()
            ? Integer.MAX_VALUE
            : active.stream().mapToInt(Slot::priority).max().orElse(Integer.MAX_VALUE);
    List<List<Slot<L>>> inOrder = new ArrayList<>();
    inOrder.add(active);
    inOrder.addAll(groups.values());
    inOrder.add(pressured);
    inOrder.stream()
        .filter(slots -> !slots.isEmpty())
        .forEach(slots -> tiers.add(tier(pool, slots, turn)));
    return new Tiers<>(List.copyOf(tiers), trials(candidates, last), scope);
  }

  /** A member of a group whose turn it is not stays on trial until it is. */
  private static <L extends Load> List<Trial<L>> trials(
      List<Candidate<L>> candidates, int lastPriority) {
    return candidates.stream()
        .filter(each -> each.trial() > 0 && each.work() == Work.LAST_RESORT)
        .filter(each -> each.slot().priority() <= lastPriority)
        .map(each -> new Trial<>(each.slot(), each.trial()))
        .toList();
  }

  private static <L extends Load> Tier<L> tier(Pool pool, List<Slot<L>> slots, Turn turn) {
    int[] weights = slots.stream().mapToInt(Slot::weight).toArray();
    List<L> loads = slots.stream().map(Slot::load).toList();
    Selector selector =
        switch (pool.balance()) {
          case ROUND_ROBIN -> new RoundRobin(weights, turn);
          case LEAST_CONNECTIONS -> new LeastLoad(weights, loads, Load::connections, turn);
          case LEAST_MESSAGES -> new LeastLoad(weights, loads, Load::messages, turn);
          case TWO_CHOICES -> new TwoChoices(weights, loads, turn);
          case RESPONSE_TIME -> new ResponseTime(weights, loads, turn);
          case SOURCE_HASH -> new SourceHash(slots.stream().map(Slot::name).toList(), weights);
        };
    return new Tier<>(List.copyOf(slots), selector);
  }
}
