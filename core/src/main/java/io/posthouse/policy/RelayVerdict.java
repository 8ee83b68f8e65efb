package io.posthouse.policy;

import org.jspecify.annotations.Nullable;

/**
 * Whether clients of a class may send to a recipient, and why.
 *
 * @param answer what it comes to
 * @param ground why
 * @param about what the ground is about: the data group that was asked, and the domain that is not
 *     in it; empty where it is about neither
 * @param entry the entry of the domain list that lets the recipient in; null for none
 */
public record RelayVerdict(Answer answer, Ground ground, String about, @Nullable Entry entry) {

  static RelayVerdict accepted(Ground ground) {
    return new RelayVerdict(Answer.ACCEPTED, ground, "", null);
  }

  static RelayVerdict refused(Ground ground, String about) {
    return new RelayVerdict(Answer.REFUSED, ground, about, null);
  }

  static RelayVerdict membersDecide(Ground ground) {
    return new RelayVerdict(Answer.MEMBERS_DECIDE, ground, "", null);
  }

  /** One line for people. */
  public String reason() {
    return switch (ground) {
      case ANYBODY -> "its class may send to anybody";
      case LEFT_TO_MEMBERS -> "its class leaves that to them";
      case UNREAD -> "mode tcp reads no recipients";
      case POSTMASTER -> "postmaster without a domain is always accepted";
      case LISTED ->
          entry == null ? about : "%s in %s, %s".formatted(entry.text(), about, entry.place());
      case NOBODY -> "its class may send to nobody before it has logged in";
      case ROUTE -> "it is a source route, and relaying is restricted";
      case TRICK -> "its local part has @, % or !, which may name another destination";
      case ENCAPSULATED ->
          "its local part holds another address, as Exchange encapsulates them (IMCEA)";
      case LITERAL -> "it has an address in place of a domain";
      case UNLISTED -> "no entry of " + about;
    };
  }

  /** What it comes to. */
  public enum Answer {
    /** The recipient is accepted. */
    ACCEPTED,
    /** The members decide. */
    MEMBERS_DECIDE,
    /** The recipient is refused. */
    REFUSED
  }

  /** Why. */
  public enum Ground {
    /** The class may send to anybody. */
    ANYBODY,
    /** The class leaves it to the members. */
    LEFT_TO_MEMBERS,
    /** Mode tcp reads no recipients. */
    UNREAD,
    /** Postmaster without a domain (RFC 5321 section 4.5.1). */
    POSTMASTER,
    /** Its domain is in the list. */
    LISTED,
    /** The class may send to nobody. */
    NOBODY,
    /** A source route stands in front of it. */
    ROUTE,
    /** Its local part may name another destination. */
    TRICK,
    /** Its local part holds another address. */
    ENCAPSULATED,
    /** It has an address in place of a domain. */
    LITERAL,
    /** Its domain is not in the list. */
    UNLISTED
  }
}
