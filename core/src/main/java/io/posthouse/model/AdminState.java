package io.posthouse.model;

/** What the administrator set for a member; health is kept apart from it. */
public enum AdminState {
  /** Takes work as its health allows. */
  ENABLED,
  /** No new work; running work ends by itself. */
  DRAINING,
  /** No new work; what still runs after a deadline is cut. */
  DISABLED
}
