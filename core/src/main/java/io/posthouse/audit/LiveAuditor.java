package io.posthouse.audit;

import java.util.List;

/** Asks what runs whether it relays. Blocking; from any thread. */
public interface LiveAuditor {
  /** Whom nobody here should take mail for, when nobody names another. */
  String RECIPIENT = "relaytest@example.net";

  /** The names of all that can be asked, in order. */
  List<String> targets();

  /**
   * Asks one of them. An unchecked exception says why one cannot be asked: there is no such target,
   * or the recipient would be no stranger.
   *
   * @param recipient a mailbox at a domain that is nobody's here
   */
  Answers ask(String target, String recipient);

  /** What one said, and what that comes to. */
  record Answers(Audit audit, List<Tried> tried) {}
}
