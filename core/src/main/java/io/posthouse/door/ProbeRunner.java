package io.posthouse.door;

import java.util.List;

/** Probes a member on request, beside the schedule. */
@FunctionalInterface
public interface ProbeRunner {
  /**
   * Runs every monitor of the member once and waits for the results, which also count for its
   * state. Blocks for as long as the monitors' time-outs allow; call it on a virtual thread.
   *
   * @throws UnknownMemberException when there is no such pool or member
   */
  List<ProbeReport> probe(String pool, String member);
}
