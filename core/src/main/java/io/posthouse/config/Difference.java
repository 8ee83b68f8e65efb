package io.posthouse.config;

import io.posthouse.config.ChangePlan.Changes;
import io.posthouse.config.ChangePlan.KeyChange;
import io.posthouse.model.ClientClass;
import io.posthouse.model.EdgeChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Compares records of the configuration key by key; objects under free names stay out of it. */
final class Difference {
  private static final int SHOWN = 10;

  private Difference() {}

  /** The difference of objects with names. */
  static <R extends Record> Changes of(Map<String, R> before, Map<String, R> after) {
    List<String> removed = new ArrayList<>(before.keySet());
    removed.removeAll(after.keySet());
    List<String> added = new ArrayList<>(after.keySet());
    added.removeAll(before.keySet());
    Map<String, List<KeyChange>> changed = new LinkedHashMap<>();
    after.forEach((name, record) -> {
      R old = before.get(name);
      List<KeyChange> keys = old == null ? List.of() : keys(old, record);
      if (!keys.isEmpty()) {
        changed.put(name, keys);
      }
    });
    return new Changes(added, removed, changed);
  }

  /** The keys in which two records of one type differ, those of blocks within them included. */
  static List<KeyChange> keys(Record before, Record after) {
    List<KeyChange> changes = new ArrayList<>();
    keys(before, after, "", changes);
    return changes;
  }

  private static void keys(Record before, Record after, String prefix, List<KeyChange> changes) {
    for (Slot slot : RecordShapes.of(after.getClass()).keys()) {
      Object old = RecordShapes.get(before, slot);
      Object now = RecordShapes.get(after, slot);
      String name = prefix + slot.name();
      boolean within = after instanceof ClientClass || after instanceof EdgeChecks.DnsLists;
      boolean named = slot.shape() instanceof Shape.Named && !within;
      if (old instanceof Record oldBlock && now instanceof Record block && isBlock(slot)) {
        keys(oldBlock, block, name + ".", changes);
      } else if (old instanceof List<?> before1
          && now instanceof List<?> after1
          && Math.max(before1.size(), after1.size()) > SHOWN
          && !before1.equals(after1)) {
        changes.add(entries(name, before1, after1));
      } else if (!named && !Objects.equals(old, now)) {
        changes.add(new KeyChange(name, Printed.of(old), Printed.of(now)));
      }
    }
  }

  /** Long lists are told by what came and what went. */
  private static KeyChange entries(String name, List<?> before, List<?> after) {
    return new KeyChange(
        name,
        before.size() + " entries",
        after.size() + " entries" + few(", new: ", after, before) + few(", gone: ", before, after));
  }

  private static String few(String word, List<?> of, List<?> without) {
    Set<Object> rest = new LinkedHashSet<>(of);
    without.forEach(rest::remove);
    String more = rest.size() > SHOWN ? " and others" : "";
    return rest.isEmpty() ? "" : word + Printed.of(rest.stream().limit(SHOWN).toList()) + more;
  }

  private static boolean isBlock(Slot slot) {
    return slot.shape() instanceof Shape.Block;
  }
}
