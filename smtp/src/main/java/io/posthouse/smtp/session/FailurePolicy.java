package io.posthouse.smtp.session;

import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Failure.Kind;
import io.posthouse.smtp.session.Outlet.Acquisition;
import org.jspecify.annotations.Nullable;

/**
 * What is done when a member fails: another one while the message may move, else a word to the
 * client.
 *
 * <pre>
 * what failed                        who is tried      what the client hears if nobody takes it
 * LOST, TIMEOUT                      another           451 4.4.2
 * MALFORMED                          another           451 4.5.0
 * PRESSURE, DEPARTED                 another           the member's words, never 5xx, or 451 4.4.2
 * GREETING_REFUSED, HELLO_REFUSED    another           the member's words; once MAIL was accepted
 *                                                      451 4.3.2
 * TLS, NOT_CAPABLE, REPLAY_REFUSED   another           451 4.3.2
 * LOST, 421 or a refused EHLO on a   the same, by a    as above
 *   kept connection's first reply    new connection
 * LOST, TIMEOUT, MALFORMED when it   nobody            451 4.4.2, 451 4.5.0: the outcome is unknown
 *   has the whole message
 * </pre>
 *
 * <p>A login goes to another member only until one has heard AUTH; if nobody takes it, its client
 * hears 454 4.7.0, and may try again. A message of a client that has logged in goes to no other
 * member than that one.
 *
 * <p>What one member called temporary, no other makes permanent by not letting the client in.
 *
 * <p>Nobody is tried for a client that is gone, or when {@link Transaction#mayMove} says no. A
 * member that fails while its client has nothing to wait for is replaced at the next command.
 */
final class FailurePolicy {
  private final Delivery delivery;
  private final ClientSide client;
  private final Outlet outlet;

  FailurePolicy(Delivery delivery, ClientSide client, Outlet outlet) {
    this.delivery = delivery;
    this.client = client;
    this.outlet = outlet;
  }

  /** The connection broke, timed out or spoke nonsense. */
  void lost(Kind kind, String detail) {
    ServerSide gone = delivery.server();
    if (gone == null) {
      return;
    }
    Errand now = delivery.errand();
    if (now == null) {
      delivery.drop(); // Its client is logged in there, and hears of it at its next message.
      return;
    }
    Phase owed = delivery.phase();
    boolean idle = owed == null && isClientsTurn();
    Phase phase = idle ? Phase.COMMAND : owed == null ? Phase.BODY : owed;
    boolean departed = kind == Kind.LOST && (idle || gone.errors() > 0);
    Failure failure = Failure.of(departed ? Kind.DEPARTED : kind, phase, detail);
    boolean committed = now instanceof Transaction message && message.committed;
    if (client.state() == ClientState.FINAL_REPLY && committed) {
      outcomeUnknown(failure, kind == Kind.MALFORMED ? Replies.MALFORMED : Replies.LOST);
    } else {
      failed(failure, kind == Kind.LOST && gone.isStaleSuspect());
      delivery.endIfRefused();
    }
  }

  /**
   * 421 to whatever was asked, or to nothing: the member closes (RFC 5321 section 3.8). On a kept
   * connection that has said nothing yet it was about to close when the message came. One that
   * leaves while its client keeps it waiting may have grown tired of this client alone.
   */
  void departed(Phase phase, Reply reply, boolean stale) {
    boolean idle = phase == Phase.COMMAND && isClientsTurn();
    boolean pressed = !idle && outlet.isPressure(phase, reply);
    Kind kind = pressed ? Kind.PRESSURE : Kind.DEPARTED;
    failed(Failure.of(kind, phase, reply), stale);
  }

  /** Whether a member that owes nothing waits for its client, and may grow tired of it. */
  private boolean isClientsTurn() {
    return client.state() == ClientState.ENVELOPE || client.state() == ClientState.AUTH;
  }

  /** The member may have the message: nobody else gets it. */
  void outcomeUnknown(Failure failure, Reply reply) {
    Transaction now = delivery.tx();
    outlet.emit(new SessionEvent.OutcomeUnknown(now, failure));
    delivery.drop();
    delivery.end();
    client.finished(now, reply);
  }

  /** The member at hand does not take the message. */
  void failed(Failure failure) {
    failed(failure, false);
  }

  /**
   * The member at hand does not take the message.
   *
   * @param stale only this kept connection is spent: a new one to the same member will do
   */
  void failed(Failure failure, boolean stale) {
    Errand now = delivery.wanted();
    delivery.drop();
    if (now.isRefused()) {
      return; // Its client knows already that there is no transaction.
    }
    Reply said = replyFor(now, failure);
    now.lastReply = lastReply(now.lastReply, stale ? Replies.temporary(said) : said);
    boolean idle = client.isAnswered() && client.state() == ClientState.ENVELOPE;
    boolean moves = now.mayMove() && client.isThere();
    if (!stale) {
      outlet.emit(new SessionEvent.AttemptFailed(now, failure, moves));
    }
    if (!moves) {
      giveUp();
    } else if (!idle) {
      delivery.acquire(stale ? Acquisition.SAME_FRESH : Acquisition.ANOTHER);
    }
  }

  /** Looks for a member while the message may move. */
  void retry(Acquisition how) {
    if (delivery.wanted().mayMove() && client.isThere()) {
      delivery.acquire(how);
    } else {
      giveUp();
    }
  }

  /**
   * What the client hears if nobody else takes the message: the member's own words where they are
   * about this message and nothing was promised yet, else a 4xx.
   */
  private static Reply replyFor(Errand now, Failure failure) {
    Reply said = failure.reply();
    return switch (failure.kind()) {
      case LOST, TIMEOUT -> Replies.LOST;
      case MALFORMED -> Replies.MALFORMED;
      case TLS, NOT_CAPABLE, REPLAY_REFUSED -> Replies.NO_MEMBER;
      case PRESSURE -> said == null ? Replies.NO_MEMBER : Replies.temporary(said);
      case DEPARTED -> said == null ? Replies.LOST : Replies.temporary(said);
      case GREETING_REFUSED, HELLO_REFUSED ->
          said == null || now.isPromised() ? Replies.NO_MEMBER : Replies.forClient(said);
    };
  }

  private static Reply lastReply(@Nullable Reply before, Reply next) {
    return before != null && before.severity() == 4 && next.severity() == 5 ? before : next;
  }

  /** Nobody takes it. */
  void unavailable(Reply reply) {
    delivery.noneFound();
    Errand now = delivery.wanted();
    if (now.lastReply == null) {
      now.lastReply = reply;
    }
    giveUp();
  }

  private void giveUp() {
    Errand now = delivery.wanted();
    Reply last = now.lastReply;
    Reply reply = last == null ? Replies.NO_MEMBER : last;
    delivery.end();
    switch (now) {
      case Transaction message -> {
        outlet.emit(new SessionEvent.Failed(message, reply));
        client.doomed(message, reply);
      }
      case Login login -> {
        outlet.emit(new SessionEvent.LoginEnded(login, Replies.NO_LOGIN));
        client.loginRefused(login, Replies.NO_LOGIN);
      }
    }
  }
}
