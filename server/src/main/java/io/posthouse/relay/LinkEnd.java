package io.posthouse.relay;

import io.posthouse.backend.Refusal;
import java.util.Locale;

/** How a link ended; each word is a value of {@code end} in the log. */
enum LinkEnd {
  /** Both sides said all they had to say. */
  COMPLETE(Kind.GOOD),
  /** The client reset the link. */
  CLIENT_RESET(Kind.FAILED),
  /** The member reset the connection. */
  MEMBER_RESET(Kind.FAILED),
  /** Nothing moved for as long as idle-timeout. */
  IDLE(Kind.FAILED),
  /** Nothing moved, and the member had never said anything. */
  MEMBER_SILENT(Kind.FAILED),
  /** The client's TLS handshake failed, or it spoke plain where TLS comes first. */
  NO_TLS(Kind.FAILED),
  /** A side closed in the midst of TLS, and the other had not ended soon after. */
  TRUNCATED(Kind.FAILED),
  /** Cut by disable, by the end of the process, or by an unexpected error. */
  CUT(Kind.FAILED),
  /** No member may take work. */
  NO_USABLE_MEMBER(Kind.REFUSED),
  /** No member could be reached. */
  ALL_CONNECTS_FAILED(Kind.REFUSED),
  /** All members were full, and so was the queue. */
  QUEUE_FULL(Kind.REFUSED),
  /** All members were full for as long as a link may wait. */
  QUEUE_TIMEOUT(Kind.REFUSED),
  /** The virtual server has as many links as it may have. */
  TOO_MANY_LINKS(Kind.REFUSED),
  /** The client's address is of no client class. */
  NO_CLASS(Kind.REFUSED),
  /** Its class, or it alone, has as many links as it may have. */
  CLASS_LIMIT(Kind.REFUSED),
  /** A rule refused the client. */
  RULE(Kind.REFUSED),
  /** Only peers that are believed may connect, and it is none of them. */
  NOT_BELIEVED(Kind.REFUSED),
  /** A peer that is believed sent no PROXY header, or a bad one, or too late. */
  NO_HEADER(Kind.REFUSED);

  private enum Kind {
    GOOD,
    FAILED,
    REFUSED
  }

  private final Kind kind;

  LinkEnd(Kind kind) {
    this.kind = kind;
  }

  /** Whether the client never got a member. */
  boolean isRefusal() {
    return kind == Kind.REFUSED;
  }

  /** Whether a side, a deadline or an administrator ended it before both had ended. */
  boolean isFailure() {
    return kind == Kind.FAILED;
  }

  String phrase() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static LinkEnd of(Refusal why) {
    return switch (why) {
      case NO_USABLE_MEMBER -> NO_USABLE_MEMBER;
      case ALL_CONNECTS_FAILED -> ALL_CONNECTS_FAILED;
      case QUEUE_FULL -> QUEUE_FULL;
      case QUEUE_TIMEOUT -> QUEUE_TIMEOUT;
    };
  }
}
