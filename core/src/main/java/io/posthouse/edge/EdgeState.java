package io.posthouse.edge;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the edge checks of a virtual server have counted; it outlives reloads as long as the virtual
 * server keeps its name. From any thread.
 */
public final class EdgeState {
  private final Map<Check, Tally> checks = new EnumMap<>(Check.class);
  private final ConcurrentMap<String, ListState> lists = new ConcurrentHashMap<>();
  private final EdgeRates rates = new EdgeRates();
  private final AtomicInteger tarpitted = new AtomicInteger();

  /** Nothing is counted yet. */
  public EdgeState() {
    for (Check each : Check.values()) {
      checks.put(each, new Tally());
    }
  }

  /** What became of a check. */
  public Tally of(Check check) {
    return checks.getOrDefault(check, new Tally());
  }

  /** How a list behaves. */
  public ListState list(String name) {
    return lists.computeIfAbsent(name, _ -> new ListState());
  }

  /** What clients have sent of late. */
  public EdgeRates rates() {
    return rates;
  }

  /** A link goes into the tarpit, if there is room; then it owes {@link #leaveTarpit}. */
  public boolean enterTarpit(int most) {
    if (tarpitted.incrementAndGet() <= most) {
      return true;
    }
    tarpitted.decrementAndGet();
    return false;
  }

  /** A link leaves the tarpit. */
  public void leaveTarpit() {
    tarpitted.decrementAndGet();
  }
}
