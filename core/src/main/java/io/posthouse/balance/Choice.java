package io.posthouse.balance;

/**
 * A member chosen for a link, and why; name and reason are logged.
 *
 * @param name the member's name
 * @param load the member, as the one who built the view knows it
 * @param why persistence, method, or fallback to a tier that is not its turn
 * @param priority its priority group
 * @param <L> what the builder of the view keeps for a member
 */
public record Choice<L extends Load>(String name, L load, Why why, int priority) {

  /** Why a member was chosen. */
  public enum Why {
    /** The client had it before. */
    PERSISTENCE,
    /** The balance method. */
    METHOD,
    /** All members whose turn it is were tried in vain. */
    FALLBACK
  }
}
