package io.posthouse.policy;

import io.posthouse.model.ClientClass;
import io.posthouse.smtp.Path;

/**
 * Which recipients the clients of a class may send to, before and after they have logged in.
 * Nothing that it refuses may reach a member. Immutable; from any thread.
 *
 * @param before the relay right of a client that has not logged in
 * @param after that of one that has
 */
public record RelayGuard(RelayRight before, RelayRight after) {
  /** What leads from the recipient's domain to another in the eyes of some server. */
  private static final String TRICKS = "@%!";

  /** The guard of a class; its groups exist. */
  public static RelayGuard of(ClientClass settings, DataGroups groups) {
    return new RelayGuard(
        RelayRight.of(settings.relay(), groups),
        RelayRight.of(settings.relayAfterAuthInEffect(), groups));
  }

  /**
   * Judges one recipient.
   *
   * @param loggedIn whether the client has logged in at a member
   */
  public RelayVerdict judge(Path recipient, boolean loggedIn) {
    return switch (loggedIn ? after : before) {
      case RelayRight.Anybody _ -> RelayVerdict.accepted(RelayVerdict.Ground.ANYBODY);
      case RelayRight.Members _ -> RelayVerdict.membersDecide(RelayVerdict.Ground.LEFT_TO_MEMBERS);
      case RelayRight.Nobody _ ->
          recipient.isPostmaster() && !recipient.routed()
              ? RelayVerdict.accepted(RelayVerdict.Ground.POSTMASTER)
              : RelayVerdict.refused(RelayVerdict.Ground.NOBODY, "");
      case RelayRight.Domains domains -> ofDomains(domains, recipient);
    };
  }

  private static RelayVerdict ofDomains(RelayRight.Domains allowed, Path recipient) {
    if (recipient.routed()) {
      return RelayVerdict.refused(RelayVerdict.Ground.ROUTE, "");
    } else if (recipient.isPostmaster()) {
      return RelayVerdict.accepted(RelayVerdict.Ground.POSTMASTER);
    } else if (hasTrick(recipient.localPart())) {
      return RelayVerdict.refused(RelayVerdict.Ground.TRICK, "");
    } else if (Encapsulation.leadsElsewhere(recipient.localPart())) {
      return RelayVerdict.refused(RelayVerdict.Ground.ENCAPSULATED, "");
    }
    String domain = recipient.domain();
    if (domain.startsWith("[")) {
      return RelayVerdict.refused(RelayVerdict.Ground.LITERAL, "");
    }
    Entry entry = allowed.set().entry(domain);
    return entry == null
        ? RelayVerdict.refused(RelayVerdict.Ground.UNLISTED, allowed.group() + " is for " + domain)
        : new RelayVerdict(
            RelayVerdict.Answer.ACCEPTED, RelayVerdict.Ground.LISTED, allowed.group(), entry);
  }

  static boolean hasTrick(String localPart) {
    for (int i = 0; i < localPart.length(); i++) {
      if (TRICKS.indexOf(localPart.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }
}
