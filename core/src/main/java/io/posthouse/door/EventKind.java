package io.posthouse.door;

import io.posthouse.model.Log.Level;

/** Everything that is logged: its level and the constant text of its line. */
public enum EventKind {
  STARTED(Level.INFO, "Posthouse is ready"),
  STOPPING(Level.INFO, "stopping: running links may end, new ones are refused"),
  STOPPED(Level.INFO, "stopped"),
  LISTENING(Level.INFO, "listening"),
  LISTENING_ENDED(Level.INFO, "no longer listening"),
  LISTEN_FAILED(Level.ERROR, "cannot listen"),
  CONFIG_APPLIED(Level.INFO, "configuration applied"),
  CONFIG_REFUSED(Level.ERROR, "configuration refused, nothing changed"),
  CONFIG_WARNING(Level.WARN, "configuration warning"),
  LINK_CLOSED(Level.INFO, "link closed"),
  LINK_REFUSED(Level.WARN, "link refused"),
  XCLIENT_REFUSED(Level.WARN, "XCLIENT of a peer that is not believed"),
  RECIPIENT_REFUSED(Level.WARN, "relaying denied"),
  EDGE_CHECK(Level.INFO, "edge check matched a client"),
  EDGE_REFUSED(Level.INFO, "recipient refused by an edge check"),
  DNS_LIST_REFUSES(Level.WARN, "a list in DNS does not talk to our resolver"),
  RULE(Level.INFO, "rule fired"),
  RULE_DRY_RUN(Level.INFO, "rule would have fired, but is a dry run"),
  RULE_REFUSED(Level.WARN, "rule refused a client"),
  RULE_FAILED(Level.ERROR, "rule could not be evaluated"),
  MESSAGE(Level.INFO, "message"),
  MESSAGE_FAILED(Level.WARN, "no member took the message"),
  OUTCOME_UNKNOWN(Level.WARN, "a member had the message and did not say what became of it"),
  LOGIN(Level.INFO, "client logged in"),
  LOGIN_FAILED(Level.WARN, "login failed"),
  TRY_FAILED(Level.WARN, "member did not take a message"),
  LINKS_EXHAUSTED(Level.WARN, "as many links as allowed: further clients wait"),
  ACCEPT_FAILED(Level.ERROR, "cannot accept a link"),
  CONNECT_FAILED(Level.WARN, "connect to member failed"),
  CANNOT_CONNECT(Level.ERROR, "no connection can be made from here"),
  SOURCE_PORTS_LOW(Level.WARN, "source ports towards a member run out"),
  SOURCE_PORTS_EXHAUSTED(Level.ERROR, "no source port towards a member is left"),
  SOURCE_PORTS_RECOVERED(Level.INFO, "source ports towards a member are enough again"),
  TRANSPARENT_READY(Level.INFO, "rules for clients' own addresses are in the kernel"),
  TRANSPARENT_LOST(Level.WARN, "rules for clients' own addresses were gone and are there again"),
  TRANSPARENT_FAILED(Level.ERROR, "rules for clients' own addresses cannot be kept"),
  TRANSPARENT_REMOVED(Level.INFO, "rules for clients' own addresses are removed"),
  DSR_READY(Level.INFO, "rules for mode dsr are in the kernel"),
  DSR_LOST(Level.WARN, "rules or addresses for mode dsr were gone and are there again"),
  DSR_FAILED(Level.ERROR, "rules or addresses for mode dsr cannot be kept"),
  DSR_HALF_OPEN(Level.WARN, "clients do not get a member's answers in mode dsr"),
  DSR_RECOVERED(Level.INFO, "clients get a member's answers in mode dsr again"),
  DSR_REMOVED(Level.INFO, "rules for mode dsr are removed"),
  MEMORY_TIGHT(Level.WARN, "memory for octets under way is tight: every link carries less"),
  MEMBER_STATE(Level.WARN, "member changed state"),
  MEMBER_UP(Level.INFO, "member takes work"),
  MEMBER_ADMINISTERED(Level.INFO, "member set by the administrator"),
  POOL_STATE(Level.WARN, "pool changed state"),
  MONITOR_MISCONFIGURED(Level.WARN, "monitor says nothing of the member"),
  ADDRESS_TRANSLATED(Level.WARN, "member sees another address than it is asked from"),
  SMTP_INSPECTED(Level.WARN, "a firewall inspects SMTP on the way to a member"),
  CERTIFICATE_EXPIRES(Level.WARN, "member's certificate expires soon"),
  CERTIFICATE_EXPIRED(Level.WARN, "member's certificate has expired"),
  OWN_CERTIFICATE_EXPIRES(Level.WARN, "certificate expires soon, renew it"),
  OWN_CERTIFICATE_EXPIRED(Level.ERROR, "certificate has expired"),
  CERTIFICATE_TAKEN(Level.INFO, "certificate files changed and are in use"),
  CERTIFICATE_REFUSED(Level.ERROR, "certificate files changed and cannot be used, the old stay"),
  LIST_TAKEN(Level.INFO, "list file changed and is in use"),
  LIST_REFUSED(Level.ERROR, "list file changed and cannot be used, the old list stays"),
  RESOLVE_FAILED(Level.WARN, "name not resolved, the last answer is kept"),
  ADMIN_LISTENING(Level.INFO, "administration API is ready"),
  ADMIN_FAILED(Level.ERROR, "administration API is not available, mail goes on"),
  ADMIN_REFUSED(Level.WARN, "administration request refused"),
  STORE_FAILED(Level.ERROR, "run-time states cannot be kept"),
  STORE_CORRUPT(Level.ERROR, "run-time states were unreadable and are set aside"),
  EVENTS_DROPPED(Level.WARN, "events were dropped"),
  LIBRARY(Level.WARN, "library message"),
  BUG(Level.ERROR, "unexpected error");

  private final Level level;
  private final String text;

  EventKind(Level level, String text) {
    this.level = level;
    this.text = text;
  }

  /** Its severity. */
  public Level level() {
    return level;
  }

  /** The constant text of its line. */
  public String text() {
    return text;
  }
}
