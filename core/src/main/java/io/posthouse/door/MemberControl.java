package io.posthouse.door;

import io.posthouse.model.AdminState;

/** What the administrator sets at run time. */
public interface MemberControl {
  /**
   * Sets a member's administrative state; it survives reload and restart until ENABLED is set, or
   * until the member's state in the file is edited. Returns when new links already follow it.
   *
   * @param author who asked, for the log
   * @throws UnknownMemberException when there is no such pool or member
   */
  void administer(String pool, String member, AdminState state, String author);
}
