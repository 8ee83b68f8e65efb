package io.posthouse.audit;

/** How bad a finding is; the worst first. */
public enum Severity {
  /** Strangers send mail through the members, or may with a fault that is usual. */
  HIGH,
  /** Mail is lost, late or trusted too much when something else happens too. */
  MEDIUM,
  /** It does not do what somebody may think. */
  LOW
}
