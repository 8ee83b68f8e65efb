package io.posthouse.health;

/** Whose mail a member under pressure refuses. */
public enum PressureScope {
  /** Only senders of foreign domains. */
  OUTSIDE,
  /** All senders. */
  ALL
}
