package io.posthouse.config;

import io.posthouse.model.DataGroup;
import io.posthouse.model.IpAddress;
import io.posthouse.model.SnatPool;
import io.posthouse.policy.EntrySyntax;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks what stands in data groups and in SNAT pools. */
final class GroupChecks {
  private final Draft draft;
  private final Places places;

  private GroupChecks(Draft draft) {
    this.draft = draft;
    this.places = draft.places();
  }

  static void check(Draft draft) {
    GroupChecks checks = new GroupChecks(draft);
    draft.configuration().dataGroups().values().forEach(checks::group);
    draft.configuration().snatPools().values().forEach(checks::snatPool);
  }

  private void group(DataGroup group) {
    String path = Places.path("data-groups", group.name());
    notAWord(path, group.name(), List.of("any", "server", "none"), "from and relay");
    if (!places.trusted(path) || !places.trusted(Places.path(path, "type"))) {
      return;
    }
    String list = Places.path(path, "values");
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < group.values().size(); i++) {
      String item = places.item(list, i);
      if (places.good(item)) {
        entry(group.type(), group.values().get(i), item, seen);
      }
    }
    String file = group.file();
    if (file == null && group.values().isEmpty() && places.trusted(list)) {
      draft.warningAtKey(path, "has no entries; write some, or name a file that has");
    } else if (file != null && file.isBlank()) {
      draft.error(Places.path(path, "file"), "is empty; write the name of a file, or remove it");
    }
  }

  private void entry(DataGroup.Type type, String text, String path, Map<String, String> seen) {
    Optional<String> problem = EntrySyntax.problem(type, text);
    if (problem.isPresent()) {
      draft.error(path, Words.quote(text) + " " + problem.get());
      return;
    }
    String earlier = seen.putIfAbsent(EntrySyntax.folded(type, text), path);
    if (earlier != null) {
      draft.warning(path, twice(text, earlier));
    }
  }

  private String twice(String text, String earlier) {
    int line = places.value(earlier).line();
    return Words.quote(text) + " is listed twice, first in line " + line + "; remove one of them";
  }

  private void snatPool(SnatPool pool) {
    String path = Places.path("snat-pools", pool.name());
    notAWord(path, pool.name(), List.of("automap", "none"), "snat");
    if (IpAddress.isIpv4(pool.name())) {
      draft.errorAtKey(path, "is an address, not a name; give the SNAT pool another");
    }
    String list = Places.path(path, "addresses");
    Map<InetAddress, String> seen = new HashMap<>();
    for (int i = 0; i < pool.addresses().size(); i++) {
      String item = places.item(list, i);
      String text = pool.addresses().get(i);
      if (!places.good(item)) {
        continue;
      }
      Optional<String> problem = sourceProblem(text);
      if (problem.isPresent()) {
        draft.error(item, Words.quote(text) + " " + problem.get());
        continue;
      }
      String earlier = seen.putIfAbsent(IpAddress.parse(text).orElseThrow(), item);
      if (earlier != null) {
        draft.error(item, twice(text, earlier));
      }
    }
  }

  /** Why connections cannot leave from what somebody wrote as an address. */
  static Optional<String> sourceProblem(String text) {
    Optional<InetAddress> address =
        text.indexOf('%') < 0 ? IpAddress.parse(text) : Optional.empty();
    if (address.isEmpty()) {
      return Optional.of("is no address; write one of this machine, such as 172.16.51.174");
    } else if (address.get().isAnyLocalAddress() || address.get().isMulticastAddress()) {
      return Optional.of("is no address of one machine; write one that this machine has");
    }
    return Optional.empty();
  }

  private void notAWord(String path, String name, List<String> words, String keys) {
    if (words.contains(name)) {
      draft.errorAtKey(
          path, "is a word with a meaning of its own in " + keys + "; use another name");
    }
  }
}
