package io.posthouse.backend;

import io.posthouse.policy.ClassTable;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which route the clients of a virtual server take: that of the first class they belong to.
 * Immutable; another configuration, or another list, makes another.
 */
public final class Routes {
  private final ClassTable table;
  private final List<Route> all;
  private final @Nullable RuleRoutes rules;

  /**
   * The routes of a table.
   *
   * @param all one for each of its classes, in the same order
   * @param rules what rules make of them; null where there are none
   */
  public Routes(ClassTable table, List<Route> all, @Nullable RuleRoutes rules) {
    this.table = table;
    this.all = List.copyOf(all);
    this.rules = rules;
  }

  /** What rules make of them; null where there are none. */
  public @Nullable RuleRoutes rules() {
    return rules;
  }

  /** The route of a client; null when it is of no class and so is refused. */
  public @Nullable Route of(InetAddress client) {
    int index = table.match(client);
    return index == ClassTable.NONE ? null : all.get(index);
  }

  /** The route of every class, in the order of the classes; those of rules alone at the end. */
  public List<Route> all() {
    RuleRoutes more = rules;
    if (more == null) {
      return all;
    }
    Set<Route> both = new LinkedHashSet<>(all);
    more.classes().stream()
        .filter(each -> all.stream().noneMatch(one -> one.counts() == each.counts()))
        .forEach(both::add);
    return List.copyOf(both);
  }
}
