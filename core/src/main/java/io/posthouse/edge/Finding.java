package io.posthouse.edge;

import io.posthouse.model.EdgeChecks.Action;

/**
 * A check has met a client.
 *
 * @param action what becomes of the client
 * @param reason why, for the log; it may hold what the client or DNS said
 * @param score what the client was given, where the check adds up; else 0
 * @param lists the names of the lists that it is on, where the check is about lists; else empty
 */
public record Finding(Check check, Action action, String reason, int score, String lists) {
  /** What a check without scores has found. */
  public static Finding of(Check check, Action action, String reason) {
    return new Finding(check, action, reason, 0, "");
  }
}
