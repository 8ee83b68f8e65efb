package io.posthouse.report;

import java.util.HashMap;
import java.util.Map;

/**
 * The traffic of one loop since the start; for that loop's thread alone.
 *
 * <p>What it holds is bounded: ways by {@link #WAYS}, senders by {@link #SENDERS}.
 */
public final class LoopTraffic {
  /** Ways that are told apart. What configurations have; many reloads might add up. */
  static final int WAYS = 10_000;

  /** Senders that are told apart. */
  static final int SENDERS = 1_000;

  private final Map<TrafficKey, TrafficCount> ways = new HashMap<>();
  private final TopSenders senders = new TopSenders(SENDERS);

  /** What counts the traffic that goes this way; from now on the same. */
  public TrafficCount count(TrafficKey way) {
    TrafficCount count = ways.get(way);
    if (count == null) {
      TrafficKey counted = ways.size() < WAYS ? way : TrafficKey.OTHER;
      count = ways.computeIfAbsent(counted, _ -> new TrafficCount());
    }
    return count;
  }

  /** A client had a member do one piece of work. */
  public void sent(SenderKey sender) {
    senders.count(sender);
  }

  /** What it comes to now: a copy, so that everything else is done elsewhere. */
  public Traffic traffic() {
    Map<TrafficKey, TrafficSums> sums = HashMap.newHashMap(ways.size());
    for (Map.Entry<TrafficKey, TrafficCount> each : ways.entrySet()) {
      sums.put(each.getKey(), each.getValue().sums());
    }
    return new Traffic(sums, senders.all(), senders.unlisted());
  }
}
