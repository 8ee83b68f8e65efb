package io.posthouse.health;

/**
 * What real mail of one scope came to at one member, since it was last told; so that a flood of
 * messages is one letter to the owner of health, and not one each.
 *
 * <p>A transaction counts once for each member that had it. Accepted means that the member took the
 * message (250 after the dot or the last chunk), refused that it gave a pressure reply to any step.
 * A transaction that ended otherwise counts for neither.
 *
 * @param accepted messages taken
 * @param refused messages refused for pressure
 * @param inARow those of the refused after the last one that was accepted; all where none was
 * @param last the last pressure reply, for people; empty where nothing was refused
 */
public record MailCounts(int accepted, int refused, int inARow, String last) {
  /** One message taken. */
  public static final MailCounts ACCEPTED = new MailCounts(1, 0, 0, "");

  /** Counts that fit together. */
  public MailCounts {
    if (accepted < 0 || inARow < 0 || inARow > refused) {
      throw new IllegalArgumentException(accepted + " " + refused + " " + inARow);
    }
  }

  /** One message refused for pressure. */
  public static MailCounts refused(String reply) {
    return new MailCounts(0, 1, 1, reply);
  }

  /** These, and then those. */
  public MailCounts then(MailCounts later) {
    return new MailCounts(
        accepted + later.accepted,
        refused + later.refused,
        later.accepted > 0 ? later.inARow : inARow + later.inARow,
        later.last.isEmpty() ? last : later.last);
  }

  /** The part that says something good. */
  MailCounts onlyAccepted() {
    return new MailCounts(accepted, 0, 0, "");
  }

  /** The part that says something bad. */
  MailCounts onlyRefused() {
    return new MailCounts(0, refused, inARow, last);
  }
}
