package io.posthouse.irule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a bigip.conf has beside its rules, by path; of a file that is a bare rule, nothing, and then
 * nobody can say what exists.
 *
 * @param known whether the file is a bigip.conf
 */
record BigipNames(
    boolean known,
    Map<String, AddressList> lists,
    Map<String, @Nullable List<String>> snatPools,
    Set<String> pools,
    List<Virtual> virtuals) {

  /** Those of a bare rule. */
  static final BigipNames NONE =
      new BigipNames(false, Map.of(), new LinkedHashMap<>(), Set.of(), List.of());

  /** Whether the file is a bigip.conf that lacks a list. */
  boolean lacksList(String name) {
    return known && !lists.containsKey(BigipObject.path(name));
  }

  boolean lacksSnatPool(String name) {
    return known && !snatPools.containsKey(BigipObject.path(name));
  }

  boolean lacksPool(String name) {
    return known && !pools.contains(BigipObject.path(name));
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
