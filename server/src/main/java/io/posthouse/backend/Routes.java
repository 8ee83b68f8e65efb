package io.posthouse.backend;

import io.posthouse.policy.ClassTable;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which route the clients of a virtual server take: that of the first class they belong to.
 * Immutable; another configuration, or another list, makes another.
 */
public final class Routes {
  private final ClassTable table;
  private final List<Route> all;

  /**
   * The routes of a table.
   *
   * @param all one for each of its classes, in the same order
   */
  public Routes(ClassTable table, List<Route> all) {
    this.table = table;
    this.all = List.copyOf(all);
  }

  /** The route of a client; null when it is of no class and so is refused. */
  public @Nullable Route of(InetAddress client) {
    int index = table.match(client);
    return index == ClassTable.NONE ? null : all.get(index);
  }

  /** Every route, in the order of the classes. */
  public List<Route> all() {
    return all;
  }
}
