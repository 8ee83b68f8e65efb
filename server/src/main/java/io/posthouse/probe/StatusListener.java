package io.posthouse.probe;

import io.posthouse.health.Introduction;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.ProbeOrder;
import java.util.Map;

/** Whoever acts on statuses: publishes them to those who choose members. */
@FunctionalInterface
public interface StatusListener {
  /**
   * The statuses of a pool have changed, or are the first ones. Called on the owner's thread, one
   * call at a time; what waits for the owner goes on only after it returns, so it must not block.
   *
   * @param statuses every member of the pool, in the order of the file
   */
  void statusesChanged(String pool, Map<String, MemberStatus> statuses);

  /**
   * A probe has ended that asked the member on its own port, and heard this; nothing of it for
   * probes that do not talk. Called like {@link #statusesChanged}, and before it.
   */
  default void introduced(ProbeOrder order, Introduction introduction) {}
}
