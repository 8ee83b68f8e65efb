package io.posthouse.health;

/** What one probe of one member by one monitor came to. */
public sealed interface ProbeResult {

  /** Where the probe ended, one line for people. */
  String reason();

  /** The member did all that was asked. */
  record Passed(String reason) implements ProbeResult {}

  /** The member failed at a step. */
  record Failed(ProbeStep step, String reason) implements ProbeResult {}

  /** The member said that it is short of something. */
  record Pressure(PressureScope scope, ProbeStep step, String reason) implements ProbeResult {}

  /**
   * Says nothing of the member's health: the monitor's own name, sender, recipient or address was
   * refused ("monitor misconfigured"), or the program could not be run.
   */
  record Inconclusive(ProbeStep step, String reason) implements ProbeResult {}
}
