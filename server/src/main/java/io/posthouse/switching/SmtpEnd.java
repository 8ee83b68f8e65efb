package io.posthouse.switching;

import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Outlet.CloseReason;
import java.util.Locale;

/** How a link in mode smtp ended; each word is a value of {@code end} in the log. */
enum SmtpEnd {
  /** The client said QUIT. */
  QUIT(Kind.GOOD),
  /** The client closed without QUIT, between messages or in the midst of one. */
  CLIENT_CLOSED(Kind.GOOD),
  /** The client reset the link. */
  CLIENT_RESET(Kind.FAILED),
  /** The client did not send in time, or too slowly. */
  CLIENT_TIMEOUT(Kind.FAILED),
  /** More errors, or commands without mail, than a client may make. */
  TOO_MANY_ERRORS(Kind.FAILED),
  /** What it sent first was no SMTP. */
  NOT_SMTP(Kind.FAILED),
  /** Its TLS handshake failed, or it spoke plain where TLS comes first. */
  NO_TLS(Kind.FAILED),
  /** It sent octets behind STARTTLS, to be taken for what it says inside TLS. */
  PLAIN_BEHIND_STARTTLS(Kind.FAILED),
  /** It sent a body before it was told to. */
  OUT_OF_STEP(Kind.FAILED),
  /** A line that did not end in CR LF. */
  BARE_LINE_END(Kind.FAILED),
  /** A line without an end. */
  ENDLESS_LINE(Kind.FAILED),
  /** No member would take its message, and when-down says 421. */
  UNAVAILABLE(Kind.FAILED),
  /** Ended between two messages because Posthouse stops, or the server is gone. */
  SHUTDOWN(Kind.GOOD),
  /** Cut by the end of the process. */
  CUT(Kind.FAILED),
  /** An unexpected error of ours. */
  BUG(Kind.FAILED),
  /** No member may take work, and when-down says 421. */
  NO_USABLE_MEMBER(Kind.REFUSED),
  /** The virtual server has as many links as it may have. */
  TOO_MANY_LINKS(Kind.REFUSED),
  /** Its peer is none of those that may say on whose behalf they connect. */
  NOT_BELIEVED(Kind.REFUSED),
  /** Its peer did not begin with a header of the PROXY protocol, or with a bad one. */
  NO_HEADER(Kind.REFUSED),
  /** Its address is of no client class. */
  NO_CLASS(Kind.REFUSED),
  /** Its class, or it alone, has as many links as it may have. */
  CLASS_LIMIT(Kind.REFUSED),
  /** An edge check met it. */
  EDGE_CHECK(Kind.REFUSED),
  /** A rule refused its client, or ended it later. */
  RULE(Kind.REFUSED);

  private enum Kind {
    GOOD,
    FAILED,
    REFUSED
  }

  private final Kind kind;

  SmtpEnd(Kind kind) {
    this.kind = kind;
  }

  static SmtpEnd of(CloseReason why) {
    return switch (why) {
      case QUIT -> QUIT;
      case CLIENT_ENDED -> CLIENT_CLOSED;
      case CLIENT_LOST -> CLIENT_RESET;
      case CLIENT_TIMEOUT -> CLIENT_TIMEOUT;
      case TOO_MANY_ERRORS -> TOO_MANY_ERRORS;
      case NOT_SMTP -> NOT_SMTP;
      case NO_TLS -> NO_TLS;
      case PLAIN_BEHIND_STARTTLS -> PLAIN_BEHIND_STARTTLS;
      case OUT_OF_STEP -> OUT_OF_STEP;
      case BARE_LINE_END -> BARE_LINE_END;
      case LINE_TOO_LONG -> ENDLESS_LINE;
      case UNAVAILABLE -> UNAVAILABLE;
      case SHUTDOWN -> SHUTDOWN;
      case REFUSED -> NO_CLASS;
    };
  }

  /** How a link ends that its client's class does not let in. */
  static SmtpEnd ofClass(Reply refusal) {
    return refusal.severity() == 5 ? NO_CLASS : CLASS_LIMIT;
  }

  boolean isRefusal() {
    return kind == Kind.REFUSED;
  }

  boolean isFailure() {
    return kind == Kind.FAILED;
  }

  /** Whether the client may still be sending when it is told, so that it must be read on. */
  boolean lingers() {
    return switch (this) {
      case TOO_MANY_ERRORS, NOT_SMTP, OUT_OF_STEP, BARE_LINE_END, ENDLESS_LINE -> true;
      case UNAVAILABLE, NO_USABLE_MEMBER, TOO_MANY_LINKS, PLAIN_BEHIND_STARTTLS -> true;
      case NO_CLASS, CLASS_LIMIT, EDGE_CHECK, RULE -> true;
      case NOT_BELIEVED, NO_HEADER -> false;
      case NO_TLS, QUIT, CLIENT_CLOSED, CLIENT_RESET, CLIENT_TIMEOUT, SHUTDOWN, CUT, BUG -> false;
    };
  }

  String phrase() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
