package io.posthouse.audit;

import io.posthouse.model.FindingKind;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Weights and priorities that somebody wrote and that change nothing. */
final class PriorityFindings {
  private PriorityFindings() {}

  static List<Finding> of(Audited audited) {
    List<Finding> found = new ArrayList<>();
    for (Pool pool : audited.configuration().pools().values()) {
      weights(pool).ifPresent(found::add);
      priorities(pool).ifPresent(found::add);
    }
    return found;
  }

  private static SortedMap<Integer, List<Member>> groups(Pool pool) {
    SortedMap<Integer, List<Member>> groups = new TreeMap<>();
    pool.members()
        .values()
        .forEach(each -> groups.computeIfAbsent(each.priority(), _ -> new ArrayList<>()).add(each));
    return groups;
  }

  private static Optional<Finding> weights(Pool pool) {
    SortedMap<Integer, List<Member>> groups = groups(pool);
    boolean written = pool.members().values().stream().anyMatch(each -> each.weight() != 1);
    // With one active member wanted, a group never works beside another.
    boolean apart = groups.size() > 1 && pool.minActive() == 1;
    boolean effect =
        apart
            ? groups.values().stream().anyMatch(PriorityFindings::differ)
            : differ(List.copyOf(pool.members().values()));
    if (!written || effect) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.of(
            FindingKind.WEIGHTS_WITHOUT_EFFECT,
            Severity.LOW,
            pool.name(),
            KeyPath.of("pools", pool.name(), "members"),
            apart
                ? "%s has weights that differ between its priority groups only, and one group works at a time."
                    .formatted(pool.name())
                : "%s has weights, but %s."
                    .formatted(
                        pool.name(),
                        pool.members().size() == 1 ? "one member" : "the same for all members"),
            "Shares are not what whoever wrote them may think: they are equal within a group.",
            apart
                ? "Remove the weights, or write members that shall share the work into one group."
                : "Remove the weights."));
  }

  private static boolean differ(List<Member> members) {
    return members.stream().mapToInt(Member::weight).distinct().count() > 1;
  }

  private static Optional<Finding> priorities(Pool pool) {
    SortedMap<Integer, List<Member>> groups = groups(pool);
    boolean one = groups.size() == 1 && groups.firstKey() != 0;
    int first = groups.firstEntry().getValue().size();
    boolean all = groups.size() > 1 && pool.minActive() > pool.members().size() - lastGroup(groups);
    if (!one && !all) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.of(
            FindingKind.PRIORITIES_WITHOUT_EFFECT,
            Severity.LOW,
            pool.name(),
            KeyPath.of("pools", pool.name(), one ? "members" : "min-active"),
            one
                ? "%s has one priority group only, %d.".formatted(pool.name(), groups.firstKey())
                : "%s wants %d active members, and all groups but the last have %d, so every group always works."
                    .formatted(
                        pool.name(), pool.minActive(), pool.members().size() - lastGroup(groups)),
            "No member is a reserve, although it is written so.",
            one
                ? "Remove the priorities, or give the reserve a higher number than the others."
                : "Lower min-active to " + first + " or less, or remove the priorities."));
  }

  private static int lastGroup(SortedMap<Integer, List<Member>> groups) {
    return groups.lastEntry().getValue().size();
  }
}
