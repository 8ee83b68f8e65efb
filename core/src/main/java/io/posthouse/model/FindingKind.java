package io.posthouse.model;

/** What an audit may find; in the file and everywhere else in small letters with dashes. */
public enum FindingKind {
  /** A class lets anybody in, and they may send to anybody. */
  OPEN_RELAY,
  /** A virtual server lets anybody in, and the members, who see our address, decide on relaying. */
  NO_LIST,
  /** A class restricts relaying on a virtual server that reads no recipients. */
  UNENFORCED_RELAY,
  /** Anybody is believed when it says on whose behalf it connects. */
  BELIEVES_ANYBODY,
  /** Classes of different relay rights come to a member from one address. */
  SHARED_SOURCE,
  /** Fewer source ports than connections that a member may have. */
  SOURCE_PORTS,
  /** Members take fewer connections than are let in. */
  MEMBER_LIMIT,
  /** A client's address keeps it with one member. */
  SOURCE_PERSISTENCE,
  /** A client's address chooses its member. */
  SOURCE_HASH,
  /** Weights that change nothing. */
  WEIGHTS_WITHOUT_EFFECT,
  /** Priorities that change nothing. */
  PRIORITIES_WITHOUT_EFFECT,
  /** Members are asked less than whether they take mail. */
  SHALLOW_PROBE,
  /** Members are asked too seldom. */
  SLOW_PROBE,
  /** A client of a class was told that its mail to a stranger is taken. */
  RELAYS_FOR_CLASS,
  /** A member takes mail to strangers from an address that restricted clients come from. */
  MEMBER_RELAYS,
  /** A live question got no answer that says anything. */
  NOT_TESTED;

  /** Whether it is found by asking what runs, not by reading the file. */
  public boolean isLive() {
    return switch (this) {
      case RELAYS_FOR_CLASS, MEMBER_RELAYS, NOT_TESTED -> true;
      case OPEN_RELAY, NO_LIST, UNENFORCED_RELAY, BELIEVES_ANYBODY -> false;
      case SHARED_SOURCE, SOURCE_PORTS, MEMBER_LIMIT, SOURCE_PERSISTENCE, SOURCE_HASH -> false;
      case WEIGHTS_WITHOUT_EFFECT, PRIORITIES_WITHOUT_EFFECT -> false;
      case SHALLOW_PROBE, SLOW_PROBE -> false;
    };
  }
}
