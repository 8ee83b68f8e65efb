package io.posthouse.smtp.session;

import io.posthouse.smtp.Reply;
import java.util.ArrayList;
import java.util.List;

/** What we say ourselves (RFC 5321 section 4.2.3, RFC 3463). */
final class Replies {
  static final Reply OK = Reply.of(250, "2.0.0 Ok");
  static final Reply GO_ON = Reply.of(354, "End data with <CR><LF>.<CR><LF>");
  static final Reply HELP = Reply.of(214, "2.0.0 See RFC 5321");
  static final Reply CANNOT_VERIFY = Reply.of(252, "2.1.5 Cannot verify, send some mail");
  static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1 Command not implemented");
  static final Reply HELLO_FIRST = Reply.of(503, "5.5.1 EHLO or HELO first");
  static final Reply MAIL_FIRST = Reply.of(503, "5.5.1 MAIL first");
  static final Reply RCPT_FIRST = Reply.of(503, "5.5.1 RCPT first");
  static final Reply NESTED_MAIL = Reply.of(503, "5.5.1 A transaction is open already");
  static final Reply CHUNKS_BEGUN = Reply.of(503, "5.5.1 BDAT has begun, only BDAT may follow");
  static final Reply CHUNK_MISSING = Reply.of(503, "5.5.1 A chunk was refused, RSET first");
  static final Reply NO_TRANSACTION = Reply.of(503, "5.5.1 MAIL was refused");
  static final Reply NO_RECIPIENTS = Reply.of(554, "5.5.1 No valid recipients");
  static final Reply TOO_MANY_RECIPIENTS = Reply.of(452, "4.5.3 Too many recipients");
  static final Reply TOO_BIG = Reply.of(552, "5.3.4 Message too big");
  static final Reply BINARY_NEEDS_CHUNKS = Reply.of(503, "5.6.1 BINARYMIME needs BDAT");
  static final Reply UNKNOWN_PARAMETER = Reply.of(555, "5.5.4 Parameter not offered");
  static final Reply NEEDS_UTF8 = Reply.of(553, "5.6.7 This address needs SMTPUTF8 at MAIL");
  static final Reply NOT_OFFERED = Reply.of(502, "5.5.1 Not offered");
  static final Reply START_TLS = Reply.of(220, "2.0.0 Ready to start TLS");
  static final Reply TLS_IN_USE = Reply.of(421, "4.7.0 TLS is in use already, closing");
  static final Reply TLS_FIRST = Reply.of(530, "5.7.0 Must issue a STARTTLS command first");
  static final Reply NOT_IN_TRANSACTION = Reply.of(503, "5.5.1 Not within a transaction");
  static final Reply BEHIND_STARTTLS = Reply.of(421, "4.7.0 Octets behind STARTTLS, closing");
  static final Reply NEEDS_TLS = Reply.of(538, "5.7.11 Encryption required for AUTH");
  static final Reply NO_MECHANISM = Reply.of(504, "5.5.4 Mechanism not offered");
  static final Reply NOT_BELIEVED = Reply.of(550, "5.7.0 XCLIENT is not for you");
  static final Reply BEHIND_XCLIENT = Reply.of(421, "4.7.0 Octets behind XCLIENT, closing");
  static final Reply LOGGED_IN = Reply.of(503, "5.5.1 Already authenticated");
  static final Reply NO_LOGIN = Reply.of(454, "4.7.0 Temporary authentication failure");
  static final Reply LOGIN_LOST = Reply.of(421, "4.3.2 Service not available, log in again");
  static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0 Too many errors, closing");
  static final Reply NOT_SMTP = Reply.of(421, "4.7.0 This is SMTP, closing");
  static final Reply TOO_EARLY = Reply.of(421, "4.5.0 Data sent before 354, closing");
  static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2 Line too long");
  static final Reply BARE_LINE_END =
      Reply.of(550, "5.5.2 A line that does not end in CR LF, closing");
  static final Reply NO_MEMBER = Reply.of(451, "4.3.2 No server can take this message now");
  static final Reply LOST = Reply.of(451, "4.4.2 Lost the server, try again");
  static final Reply MALFORMED = Reply.of(451, "4.5.0 The server answered nonsense, try again");
  static final Reply NOT_DONE = Reply.of(451, "4.5.0 Not done, closing");
  static final Reply IDLE = Reply.of(421, "4.4.2 Timeout, closing");
  static final Reply SHUTDOWN = Reply.of(421, "4.3.2 Service shutting down");

  private Replies() {}

  /**
   * A member's reply as its client may get it: 421 would announce that we close the link, so it is
   * told as 451.
   */
  static Reply forClient(Reply reply) {
    return reply.code() == 421 ? new Reply(451, reply.lines()) : reply;
  }

  /** A member's answer to AUTH: 421 would announce that we close (RFC 4954 section 6). */
  static Reply forLogin(Reply reply) {
    return reply.code() == 421 ? NO_LOGIN : reply;
  }

  /** The same, never a 5xx: for faults of a server that the client has no part in. */
  static Reply temporary(Reply reply) {
    return reply.severity() == 4 ? forClient(reply) : NO_MEMBER;
  }

  /** The same if it is short: a client may ask for it as often as it likes. */
  static Reply brief(Reply reply) {
    boolean isShort = reply.lines().size() == 1 && reply.lines().getFirst().length() <= 500;
    return isShort ? reply : NO_MEMBER;
  }

  static Reply greeting(String hostname) {
    return Reply.of(220, hostname + " ESMTP");
  }

  static Reply hello(String hostname, List<String> offered) {
    List<String> lines = new ArrayList<>(offered.size() + 1);
    lines.add(hostname);
    lines.addAll(offered);
    return new Reply(250, lines);
  }
}
