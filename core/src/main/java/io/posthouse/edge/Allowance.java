package io.posthouse.edge;

import io.posthouse.edge.EdgeRates.Scope;
import io.posthouse.edge.EdgeRates.What;
import io.posthouse.model.Spelled;
import io.posthouse.policy.Pace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one sender may send now: its buckets, that of its network and that of its class, found once
 * for many links and messages. From any thread; {@link #isFor} is asked before each use.
 */
public final class Allowance {
  private final String className;
  private final long since;
  private final List<Bound> connections;
  private final List<Bound> recipients;
  private final List<Bound> size;

  /**
   * One bucket.
   *
   * @param most what it holds
   */
  record Bound(Pace pace, long most, What what, Scope scope) {
    /** In a few words, which limit it is. */
    String name() {
      return Spelled.of(what) + " per " + Spelled.of(scope);
    }
  }

  Allowance(
      String className,
      long since,
      List<Bound> connections,
      List<Bound> recipients,
      List<Bound> size) {
    this.className = className;
    this.since = since;
    this.connections = connections;
    this.recipients = recipients;
    this.size = size;
  }

  /** Whether it is of a class, and not so old that its buckets may be forgotten elsewhere. */
  public boolean isFor(String asked, long nanos) {
    return nanos - since < Pace.MINUTE && className.equals(asked);
  }

  /** Counts a link or a recipient: null, or in a few words which limit does not let it in. */
  public @Nullable String take(What what, long nanos) {
    List<Bound> all = what == What.CONNECTIONS ? connections : recipients;
    for (int i = 0; i < all.size(); i++) {
      Bound each = all.get(i);
      if (!each.pace().take((int) each.most(), nanos)) {
        for (Bound before : all.subList(0, i)) {
          before.pace().giveBack((int) before.most());
        }
        return each.name();
      }
    }
    return null;
  }

  /** Whether another message may come: null, or which limit does not let it in. */
  public @Nullable String isSpent(long nanos) {
    for (Bound each : size) {
      if (!each.pace().isLeft(nanos)) {
        return each.name();
      }
    }
    return null;
  }

  /** A message had so many octets. */
  public void spend(long octets, long nanos) {
    for (Bound each : size) {
      each.pace().spend(octets, each.most(), nanos);
    }
  }
}
