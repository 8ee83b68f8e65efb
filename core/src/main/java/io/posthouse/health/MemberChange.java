package io.posthouse.health;

/**
 * A member's status was replaced by another.
 *
 * @param member the member's name
 */
public record MemberChange(String member, MemberStatus before, MemberStatus after) {

  /** Whether its health changed, not only the reason, the ramp or the administrative state. */
  public boolean isEffective() {
    return before.effective() != after.effective();
  }
}
