package io.posthouse.irule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a bigip.conf has beside its rules, by path. What it has not may still exist: of a file that
 * is a bare rule or an excerpt nobody can say, nor of other partitions, which have files of their
 * own.
 *
 * @param partitions those of which the file has everything
 * @param snatPools their addresses; null when one of them is none
 */
record BigipNames(
    Set<String> partitions,
    Map<String, AddressList> lists,
    Map<String, @Nullable List<String>> snatPools,
    Set<String> pools,
    List<Virtual> virtuals) {

  /** Those of a bare rule. */
  static final BigipNames NONE =
      new BigipNames(Set.of(), Map.of(), new LinkedHashMap<>(), Set.of(), List.of());

  /** Whether a list surely does not exist. */
  boolean lacksList(String name) {
    return lacks(name, lists.keySet());
  }

  boolean lacksSnatPool(String name) {
    return lacks(name, snatPools.keySet());
  }

  boolean lacksPool(String name) {
    return lacks(name, pools);
  }

  private boolean lacks(String name, Set<String> all) {
    String path = BigipObject.path(name);
    return !all.contains(path) && partitions.contains(BigipObject.partition(path));
  }

  boolean hasSnatPool(String name) {
    return snatPools.containsKey(BigipObject.path(name));
  }

  @Nullable AddressList list(String name) {
    return lists.get(BigipObject.path(name));
  }

  /** The virtual servers that ask a rule. */
  List<Virtual> virtualsOf(String rule) {
    String path = BigipObject.path(rule);
    return virtuals.stream().filter(each -> each.rules().contains(path)).toList();
  }

  /**
   * A data group.
   *
   * @param elsewhere whether its entries stand in a file of their own
   * @param entries of addresses, in Posthouse's form; null when they stand elsewhere, or one of
   *     them has no such form
   */
  record AddressList(Holds holds, boolean elsewhere, @Nullable List<String> entries) {}

  /** What stands in a data group. */
  enum Holds {
    ADDRESSES,
    OTHERS,
    UNKNOWN
  }

  /**
   * A virtual server.
   *
   * @param port as it is written, such as {@code 25} or {@code smtp}; empty when it has none
   * @param rules their paths
   * @param snat in Posthouse's words: automap, none or the path of a SNAT pool; null when it cannot
   *     be read
   */
  record Virtual(String name, String port, Set<String> rules, @Nullable String snat) {}
}
