package io.posthouse.health;

/** What a reply says of the member that gave it. */
public enum ReplyVerdict {
  /** Yes. */
  ACCEPTED,
  /** The member is short of something, whoever asks. */
  PRESSURE,
  /** Not yet, for a client, sender and recipient that it has not seen before (RFC 6647). */
  GREYLISTED,
  /** A limit that this client has met: connections, recipients, rate, errors, idle time. */
  CLIENT_LIMIT,
  /** About the name, the sender or the recipient that was given, or a policy about them. */
  REFUSED,
  /** A greeting that says the member wants nothing of this client (RFC 5321 section 3.1). */
  REFUSES_CLIENT,
  /** Not now, for a reason that says nothing certain of the member. */
  TEMPORARY,
  /** The member says for good that it cannot work: 5.3.x, 5.4.x. */
  BROKEN,
  /** The member does not know the command, or answers what no SMTP server may. */
  PROTOCOL
}
