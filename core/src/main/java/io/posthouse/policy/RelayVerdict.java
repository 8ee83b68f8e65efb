package io.posthouse.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether clients of a class may send to a recipient, and why.
 *
 * @param reason one line for people
 * @param entry the entry of the domain list that lets the recipient in; null for none
 */
public record RelayVerdict(Answer answer, String reason, @Nullable Entry entry) {
  /** Whether links are held to it; else the members alone decide. */
  public static final boolean ENFORCED = false;

  /** What it comes to. */
  public enum Answer {
    /** The recipient is accepted. */
    ACCEPTED,
    /** The members decide. */
    MEMBERS_DECIDE,
    /** The recipient is refused. */
    REFUSED
  }

  /** Recipients that a list of domains cannot judge, since a member may send them elsewhere. */
  private static final String TRICKS = "@%!";

  /**
   * The verdict of a relay right.
   *
   * @param recipient a forward path as it was written, without its angle brackets
   */
  public static RelayVerdict of(RelayRight right, String recipient) {
    return switch (right) {
      case RelayRight.Anybody _ ->
          new RelayVerdict(Answer.ACCEPTED, "its class may send to anybody", null);
      case RelayRight.Members _ ->
          new RelayVerdict(Answer.MEMBERS_DECIDE, "its class leaves that to them", null);
      case RelayRight.Nobody _ ->
          isPostmaster(recipient)
              ? postmaster()
              : refused("its class may send to nobody before it has logged in");
      case RelayRight.Domains domains ->
          isPostmaster(recipient) ? postmaster() : ofDomains(domains, recipient);
    };
  }

  /** Where nobody but the members reads recipients. */
  static RelayVerdict unread() {
    return new RelayVerdict(Answer.MEMBERS_DECIDE, "mode tcp reads no recipients", null);
  }

  private static RelayVerdict ofDomains(RelayRight.Domains allowed, String recipient) {
    int at = recipient.lastIndexOf('@');
    String local = recipient.substring(0, Math.max(at, 0));
    String domain = recipient.substring(at + 1);
    if (recipient.startsWith("@")) {
      return refused("it is a source route, and relaying is restricted");
    } else if (local.chars().anyMatch(c -> TRICKS.indexOf(c) >= 0)) {
      return refused("its local part has @, % or !, which may name another destination");
    } else if (domain.startsWith("[")) {
      return refused("it has an address in place of a domain");
    }
    Entry entry = allowed.set().entry(domain);
    return entry == null
        ? refused("no entry of " + allowed.group() + " is for " + domain.toLowerCase(Locale.ROOT))
        : new RelayVerdict(
            Answer.ACCEPTED,
            "%s in %s, %s".formatted(entry.text(), allowed.group(), entry.place()),
            entry);
  }

  private static RelayVerdict refused(String reason) {
    return new RelayVerdict(Answer.REFUSED, reason, null);
  }

  private static RelayVerdict postmaster() {
    return new RelayVerdict(
        Answer.ACCEPTED, "postmaster without a domain is always accepted", null);
  }

  private static boolean isPostmaster(String recipient) {
    return recipient.equalsIgnoreCase("postmaster");
  }
}
