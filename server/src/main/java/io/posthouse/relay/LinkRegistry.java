package io.posthouse.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The links of one virtual server on one loop; on that loop only. */
final class LinkRegistry {
  private final List<RelayLink> links = new ArrayList<>();

  void add(RelayLink link) {
    link.registryIndex = links.size();
    links.add(link);
  }

  /** Takes a link out; the last one moves into its place. */
  void remove(RelayLink link) {
    int index = link.registryIndex;
    if (index < 0) {
      return;
    }
    link.registryIndex = -1;
    RelayLink last = links.removeLast();
    if (last != link) {
      links.set(index, last);
      last.registryIndex = index;
    }
  }

  /** Cuts those that match. */
  void cut(Predicate<RelayLink> which) {
    for (RelayLink link : List.copyOf(links)) {
      if (which.test(link)) {
        link.cut();
      }
    }
  }
}
