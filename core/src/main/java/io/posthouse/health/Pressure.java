package io.posthouse.health;

import java.time.Duration;

/**
 * A member's pressure in one scope, with its numbers.
 *
 * @param wish the share of its weight that would be right for it alone, 0 to 1
 * @param share the share that it gets, 0 to 1; more than the wish where too much of the pool's
 *     weight would be taken away
 * @param refused messages refused for pressure when this was decided
 * @param messages the messages that these are of
 * @param outFor how long it is out each time before a message is its trial; zero while it is in
 * @param trial the number of the trial that the next message may be, 0 for none
 * @param last the last pressure reply; empty for none
 */
public record Pressure(
    double wish, double share, int refused, int messages, Duration outFor, int trial, String last) {

  /** No pressure. */
  public static final Pressure NONE = new Pressure(1, 1, 0, 0, Duration.ZERO, 0, "");

  /** Out because a probe was refused: the next probe decides, no message is a trial. */
  static final Pressure PROBED = new Pressure(0, 0, 0, 0, Duration.ZERO, 0, "");

  /** Whether the member gives no reason to spare it. */
  public boolean isNone() {
    return wish == 1;
  }

  /** Whether the member gets nothing in this scope while another can take it. */
  public boolean isOut() {
    return share == 0;
  }

  Pressure granted(double granted) {
    return new Pressure(wish, granted, refused, messages, outFor, isTrial(granted), last);
  }

  /** A member that is left in by the pool's bound needs no trial: its ordinary messages decide. */
  private int isTrial(double granted) {
    return granted == 0 ? trial : 0;
  }
}
