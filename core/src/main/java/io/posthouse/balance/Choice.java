package io.posthouse.balance;

/**
 * A member chosen for a link or a message, and why; name and reason are logged.
 *
 * @param name the member's name
 * @param load the member, as the one who built the view knows it
 * @param why trial, persistence, method, or fallback to a tier that is not its turn
 * @param priority its priority group
 * @param trial the number of the trial that this message is; 0 for none
 * @param <L> what the builder of the view keeps for a member
 */
public record Choice<L extends Load>(String name, L load, Why why, int priority, int trial) {

  /** Why a member was chosen. */
  public enum Why {
    /** The member is under pressure, and this message is its trial. */
    TRIAL,
    /** The client had it before. */
    PERSISTENCE,
    /** The balance method. */
    METHOD,
    /** All members whose turn it is were tried in vain. */
    FALLBACK
  }
}
