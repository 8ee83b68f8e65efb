package io.posthouse.irule;

/** How bad a finding is. */
public enum Severity {
  /** It fails, or does harm, when the rule runs. */
  ERROR,
  /** It does so when something else happens too, or does not do what somebody may think. */
  WARNING,
  /** Something to know when the rule's work is moved. */
  NOTE
}
