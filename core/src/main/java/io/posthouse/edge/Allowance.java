package io.posthouse.edge;

import io.posthouse.edge.EdgeRates.Sender;
import io.posthouse.edge.EdgeRates.What;
import io.posthouse.model.EdgeChecks.Limits;
import io.posthouse.policy.Pace;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one sender may send now: its buckets, that of its network and that of its class, found once
 * for many messages. Lives on the loop of a link, which asks {@link #isFor} before each use.
 */
public final class Allowance {
  private final EdgeRates rates;
  private final Sender sender;
  private final Limits limits;
  private final long since;
  private final Map<What, List<Bound>> bounds = new EnumMap<>(What.class);

  /**
   * One bucket.
   *
   * @param most what it holds
   * @param name in a few words, which limit it is
   */
  record Bound(Pace pace, long most, String name) {}

  Allowance(EdgeRates rates, Sender sender, Limits limits, long since) {
    this.rates = rates;
    this.sender = sender;
    this.limits = limits;
    this.since = since;
  }

  /** Those of something; a client that never comes so far takes no place for them. */
  private List<Bound> bounds(What what, long nanos) {
    List<Bound> found = bounds.get(what);
    if (found == null) {
      found = rates.bounds(what, limits, sender, nanos);
      bounds.put(what, found);
    }
    return found;
  }

  /** Whether it is this one's, and not so old that its buckets may be forgotten elsewhere. */
  public boolean isFor(Sender asked, long nanos) {
    return nanos - since < Pace.MINUTE && sender.equals(asked);
  }

  /** Counts a link or a recipient: null, or in a few words which limit does not let it in. */
  public @Nullable String take(What what, long nanos) {
    List<Bound> all = bounds(what, nanos);
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
    for (Bound each : bounds(What.SIZE, nanos)) {
      if (!each.pace().isLeft(nanos)) {
        return each.name();
      }
    }
    return null;
  }

  /** A message had so many octets. */
  public void spend(long octets, long nanos) {
    for (Bound each : bounds(What.SIZE, nanos)) {
      each.pace().spend(octets, each.most(), nanos);
    }
  }
}
