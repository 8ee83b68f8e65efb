package io.posthouse.switching;

import io.posthouse.backend.BackendConnection;
import io.posthouse.backend.BackendPool;
import io.posthouse.backend.MemberConnections;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Phase;
import io.posthouse.smtp.session.ServerSide;
import org.jspecify.annotations.Nullable;

/** What the member at hand says and does, told to the session of its link. */
final class MemberTalk implements BackendConnection.Owner {
  private final SmtpLink link;
  private final Link session;
  private final MemberSide member;
  private final Admission admission;
  private long mailNanos;

  MemberTalk(SmtpLink link, Link session, MemberSide member, Admission admission) {
    this.link = link;
    this.session = session;
    this.member = member;
    this.admission = admission;
  }

  /** MAIL goes to the member: its answer is timed. */
  void mailSent() {
    mailNanos = link.loop().nanos();
  }

  @Override
  public void replied(Reply reply) {
    link.begin();
    link.transcript().replied(reply);
    MemberConnections from = member.member();
    ServerSide said = member.server();
    Phase asked = session.serverPhase();
    // What the reply leads to may take its client to another pool, or none.
    BackendPool pool = from == null ? null : admission.route().pool();
    session.reply(reply);
    if (from != null && said != null && pool != null) {
      heard(pool, from, said, asked, reply);
    }
    link.endLater(); // Flushed when the whole batch of replies has been dealt with.
  }

  private void heard(
      BackendPool pool,
      MemberConnections from,
      ServerSide said,
      @Nullable Phase asked,
      Reply reply) {
    if (asked == Phase.MAIL) {
      from.responded(link.loop().nanos() - mailNanos);
    } else if (asked == Phase.GREETING) {
      pool.greeted(from, reply);
    } else if (asked == Phase.HELLO && !said.keywords().parameters().isEmpty()) {
      pool.answeredEhlo(from, reply);
    } else if (asked == Phase.HELLO && said.greetedAs() == null && reply.severity() == 2) {
      pool.answeredEhloBeforeTls(from, reply);
    }
  }

  @Override
  public void repliesEnded() {
    link.begin();
    link.end();
  }

  @Override
  public void serverLost(String detail) {
    link.begin();
    member.drop();
    session.serverLost(detail);
    link.end();
  }

  @Override
  public void serverMalformed(String detail) {
    link.begin();
    member.drop();
    session.serverMalformed(detail);
    link.end();
  }

  @Override
  public void serverSecured() {
    link.begin();
    session.serverSecured();
    link.end();
  }

  @Override
  public void serverNotSecured(String detail) {
    link.begin();
    member.drop();
    session.serverNotSecured(detail);
    link.end();
  }

  @Override
  public void bug(Throwable cause) {
    link.bug(cause);
  }

  @Override
  public void serverWritabilityChanged() {
    link.begin();
    link.end();
  }
}
