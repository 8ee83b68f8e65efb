package io.posthouse.ruleset;

import java.util.List;
import java.util.Set;

/**
 * Which members of a service get new links, and in which shares. A member is known by its mark: a
 * number from 1 to 65,535 that stands for its address.
 *
 * @param slots the mark of the member for each slot of the hash; empty when nobody takes new links
 * @param active the marks of members that get new links
 * @param cut the marks of members whose links are reset at their next packet
 * @param known the marks of all members it has or had, for which there are counters
 */
public record DsrShares(
    List<Integer> slots, Set<Integer> active, Set<Integer> cut, Set<Integer> known) {

  /** How many slots the hash has: a prime, some eighty for each of fifty members. */
  public static final int SLOTS = 4093;

  /** Copies them all. */
  public DsrShares {
    slots = List.copyOf(slots);
    active = Set.copyOf(active);
    cut = Set.copyOf(cut);
    known = Set.copyOf(known);
  }
}
