package io.posthouse.health;

import io.posthouse.model.AdminState;
import java.time.Instant;

/**
 * What a member may be given: what the administrator set and what health says, kept apart.
 *
 * <table>
 *   <caption>The work a member is given (rows: effective, columns: administrative)</caption>
 *   <tr><th></th><th>enabled</th><th>draining</th><th>disabled</th></tr>
 *   <tr><td>unknown</td><td>NEW</td><td>NONE</td><td>NONE</td></tr>
 *   <tr><td>up</td><td>NEW</td><td>NONE</td><td>NONE</td></tr>
 *   <tr><td>pressure</td><td>LAST_RESORT</td><td>NONE</td><td>NONE</td></tr>
 *   <tr><td>down</td><td>NONE</td><td>NONE</td><td>NONE</td></tr>
 * </table>
 *
 * <p>That is for links, of which nobody knows whose mail they bring: any pressure is pressure for
 * all. For a message it is {@link #work(SenderScope)}: a member under pressure keeps a share of the
 * work of that scope, or is out of it.
 *
 * @param ramping whether its weight still grows after a recovery
 * @param rampShare the share of its weight in effect while ramping, above 0 to 1
 * @param inside its pressure for inside senders; none while it is down
 * @param outside its pressure for outside senders; none while it is down
 * @param reason why the effective state is what it is, one line for people
 * @param since when the effective state last changed, for display
 */
public record MemberStatus(
    AdminState admin,
    EffectiveState effective,
    boolean ramping,
    double rampShare,
    Pressure inside,
    Pressure outside,
    String reason,
    Instant since) {

  /** A status whose pressure, where there is any, is what a probe says of all senders. */
  public MemberStatus(
      AdminState admin,
      EffectiveState effective,
      boolean ramping,
      double rampShare,
      String reason,
      Instant since) {
    this(
        admin,
        effective,
        ramping,
        rampShare,
        effective == EffectiveState.PRESSURE ? Pressure.PROBED : Pressure.NONE,
        effective == EffectiveState.PRESSURE ? Pressure.PROBED : Pressure.NONE,
        reason,
        since);
  }

  /** What may be given to a member. */
  public enum Work {
    /** New work. */
    NEW,
    /** New work only when no other member may take any. */
    LAST_RESORT,
    /** Nothing new; what runs goes on. */
    NONE
  }

  /** The one place that derives what a member may be given. */
  public Work work() {
    if (admin != AdminState.ENABLED) {
      return Work.NONE;
    }
    return switch (effective) {
      case UNKNOWN, UP -> Work.NEW;
      case PRESSURE -> Work.LAST_RESORT;
      case DOWN -> Work.NONE;
    };
  }

  /** What a member may be given of the messages of a scope. */
  public Work work(SenderScope scope) {
    if (admin != AdminState.ENABLED || effective == EffectiveState.DOWN) {
      return Work.NONE;
    }
    return pressure(scope).isOut() ? Work.LAST_RESORT : Work.NEW;
  }

  /** Its pressure for senders of a scope. */
  public Pressure pressure(SenderScope scope) {
    return scope == SenderScope.INSIDE ? inside : outside;
  }
}
