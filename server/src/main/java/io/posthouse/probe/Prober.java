package io.posthouse.probe;

import io.posthouse.health.ProbeOrder;

/** Carries out probes; blocks for as long as the monitor's time-outs allow. */
interface Prober extends AutoCloseable {
  /**
   * Asks a member once.
   *
   * @param hostname our own name
   */
  Outcome ask(ProbeOrder order, String hostname);

  /** Ends what the probes have started. */
  @Override
  void close();
}
