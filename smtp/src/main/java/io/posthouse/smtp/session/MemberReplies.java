package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Failure.Kind;
import io.posthouse.smtp.session.Outlet.Disposition;
import io.posthouse.smtp.session.Recipient.Outcome;
import io.posthouse.smtp.session.ServerSide.Rcpt;
import io.posthouse.smtp.session.ServerSide.Step;
import org.jspecify.annotations.Nullable;

/**
 * What a member's replies mean, by the step that each answers: passed on to the client, compared
 * with what another member said before, or a failure for the {@link FailurePolicy}.
 */
final class MemberReplies {
  private final Delivery delivery;
  private final FailurePolicy failures;
  private final ClientSide client;
  private final Outlet outlet;

  MemberReplies(Delivery delivery, ClientSide client, Outlet outlet) {
    this.delivery = delivery;
    this.failures = delivery.failures();
    this.client = client;
    this.outlet = outlet;
  }

  /** The member at hand said something. */
  void reply(Reply reply) {
    ServerSide from = delivery.server();
    if (from == null) {
      return; // Said by a connection that was given back already.
    }
    boolean stale = from.isStaleSuspect();
    ServerSide.Expected asked = from.answered(reply);
    if (delivery.errand() == null) {
      saidBetweenMessages(asked, reply);
      return;
    }
    if (reply.code() == 421 && !isCommitted()) {
      failures.departed(asked == null ? phaseUnasked() : asked.phase(), reply, stale);
    } else if (asked == null) {
      unasked(reply);
    } else if (asked instanceof Rcpt rcpt) {
      rcptReply(rcpt.recipient(), reply);
    } else {
      stepReply((Step) asked, reply);
    }
    if (delivery.server() == from && delivery.transaction() != null) {
      delivery.sendMore();
    }
    delivery.endIfRefused();
  }

  private boolean isCommitted() {
    Transaction now = delivery.transaction();
    return now != null && now.committed;
  }

  /** The member that the client is logged in at says something while no message is under way. */
  private void saidBetweenMessages(ServerSide.@Nullable Expected asked, Reply reply) {
    if (asked != Step.RESET || reply.severity() != 2) {
      delivery.drop();
    }
  }

  private void stepReply(Step step, Reply reply) {
    switch (step) {
      case GREETING -> greetingReply(reply);
      case HELLO -> helloReply(reply);
      case STARTTLS -> startTlsReply(reply);
      case HANDSHAKE -> failures.failed(Failure.of(Kind.MALFORMED, Phase.TLS, reply));
      case XCLIENT -> announceReply(reply);
      case AUTH -> authReply(reply);
      case RESET -> resetReply(reply);
      case MAIL -> mailReply(reply);
      case DATA -> dataReply(reply);
      case OLD_CHUNK -> oldChunkReply(reply);
      case CHUNK -> chunkReply(reply);
      case FINAL -> finalReply(reply);
    }
  }

  private Phase phaseUnasked() {
    return client.state() == ClientState.BODY ? Phase.BODY : Phase.COMMAND;
  }

  private void unasked(Reply reply) {
    if (client.state() == ClientState.BODY && reply.severity() >= 4) {
      earlyReply(reply);
    } else {
      failures.failed(Failure.of(Kind.MALFORMED, Phase.COMMAND, reply));
    }
  }

  /** The member refuses a body before it has all of it: its word, but the connection is spent. */
  private void earlyReply(Reply reply) {
    if (!isPressed(Phase.BODY, reply)) {
      refusedFinally(reply);
      client.bodyFailed(Replies.forClient(reply));
    }
  }

  private void refusedFinally(Reply reply) {
    outlet.emit(new SessionEvent.Answered(delivery.tx(), reply, !client.isGone()));
    delivery.drop();
    delivery.end();
  }

  private void greetingReply(Reply reply) {
    if (reply.severity() == 2) {
      delivery.greet(delivery.wanted().hello());
    } else if (!isPressed(Phase.GREETING, reply)) {
      failures.failed(refusal(Kind.GREETING_REFUSED, Phase.GREETING, reply));
    }
  }

  /** The member does not let its client in: its word, unless it is nonsense. */
  private static Failure refusal(Kind kind, Phase phase, Reply reply) {
    return Failure.of(reply.severity() == 3 ? Kind.MALFORMED : kind, phase, reply);
  }

  private void helloReply(Reply reply) {
    Command.Hello hello = delivery.wanted().hello();
    boolean fallsBack = delivery.member().fellBack();
    boolean toBeSecured = delivery.member().isToBeSecured();
    boolean saidEhlo =
        (hello.extended() || toBeSecured || delivery.isToBeAnnounced()) && !fallsBack;
    if (reply.severity() == 2) {
      EhloKeywords offered = saidEhlo ? EhloKeywords.of(reply) : EhloKeywords.none();
      if (toBeSecured) {
        secure(hello, offered);
      } else {
        introduced(hello, offered);
      }
    } else if (isPressed(Phase.HELLO, reply)) {
      return; // Another one is looked for.
    } else if (!delivery.member().isFresh()) {
      if (reply.code() == 503) { // Anything else is about the name.
        delivery.member().refusedAnotherHello();
      }
      failures.failed(refusal(Kind.HELLO_REFUSED, Phase.HELLO, reply), true);
    } else if (reply.severity() == 5 && saidEhlo) {
      delivery.member().fallBack();
      delivery.member().expect(Step.HELLO);
      outlet.toServer(new Command.Hello(false, hello.name()));
    } else {
      failures.failed(refusal(Kind.HELLO_REFUSED, Phase.HELLO, reply));
    }
  }

  private void greeted(Command.Hello as, EhloKeywords offered) {
    delivery.member().greeted(as, offered);
    delivery.greeted();
  }

  /** Begins TLS where the member offers it; never goes on in plain where it must be encrypted. */
  private void secure(Command.Hello hello, EhloKeywords offered) {
    ServerSide from = delivery.member();
    if (offered.has("STARTTLS")) {
      from.expect(Step.STARTTLS);
      outlet.toServer(new Command.StartTls());
    } else if (from.mustBeSecured()) {
      // That it answers HELO alone may be about the name that its client chose.
      Kind kind = from.fellBack() ? Kind.HELLO_REFUSED : Kind.TLS;
      failures.failed(Failure.of(kind, Phase.TLS, "it does not offer STARTTLS"));
    } else {
      boolean fellBack = from.fellBack();
      from.staysPlain();
      if (hello.extended() || fellBack || delivery.isToBeAnnounced()) {
        introduced(hello, offered);
      } else {
        delivery.greet(hello); // It was said EHLO only to learn of STARTTLS.
      }
    }
  }

  /** It said what it offers, in the security that it is to have: XCLIENT comes before all else. */
  private void introduced(Command.Hello hello, EhloKeywords offered) {
    if (delivery.isToBeAnnounced()) {
      delivery.announce(offered);
    } else {
      greeted(hello, offered);
    }
  }

  /**
   * The answer to XCLIENT is the greeting of its client. A member that does not take XCLIENT from
   * us is no member for its client: it would judge it by our address.
   */
  private void announceReply(Reply reply) {
    if (reply.code() == 220) {
      delivery.member().announced();
      delivery.greet(delivery.wanted().hello());
    } else if (isPressed(Phase.ANNOUNCE, reply)) {
      return; // Another one is looked for.
    } else {
      boolean refusesClient = reply.code() == 554 || reply.code() == 521;
      Kind kind = refusesClient ? Kind.GREETING_REFUSED : Kind.NOT_CAPABLE;
      failures.failed(refusal(kind, Phase.ANNOUNCE, reply));
    }
  }

  /** What it offered is not refused for good and not done in plain: it is a fault of the member. */
  private void startTlsReply(Reply reply) {
    if (reply.code() == 220) {
      delivery.member().expect(Step.HANDSHAKE);
      outlet.secureServer();
    } else if (reply.severity() < 4) {
      failures.failed(Failure.of(Kind.MALFORMED, Phase.TLS, reply));
    } else if (!isPressed(Phase.TLS, reply)) {
      failures.failed(Failure.of(Kind.TLS, Phase.TLS, reply));
    }
  }

  /** The handshake with the member at hand is done: it is greeted anew (RFC 3207 section 4.2). */
  void secured() {
    ServerSide from = delivery.server();
    if (from != null && from.awaited() == Step.HANDSHAKE) {
      from.secured();
      delivery.greet(delivery.wanted().hello());
    }
  }

  private void authReply(Reply reply) {
    Login login = delivery.login();
    if (reply.code() == 334 && ++login.challenges <= Login.MOST_CHALLENGES) {
      client.challenged(login, reply);
    } else if (reply.code() == 235) {
      delivery.pin();
      outlet.emit(new SessionEvent.LoginEnded(login, reply));
      client.loggedIn(login, reply);
    } else if (reply.severity() < 4) {
      failures.failed(Failure.of(Kind.MALFORMED, Phase.AUTH, reply));
    } else {
      delivery.drop(); // Its errors are those of this client.
      delivery.end();
      outlet.emit(new SessionEvent.LoginEnded(login, reply));
      client.loginRefused(login, reply);
    }
  }

  private void resetReply(Reply reply) {
    if (reply.severity() != 2) {
      failures.failed(Failure.of(Kind.MALFORMED, Phase.MAIL, reply));
    }
  }

  private void mailReply(Reply reply) {
    Transaction now = delivery.tx();
    boolean replayed = now.mailReply != null;
    if (!judged(Phase.MAIL, reply, replayed) && !replayed) {
      now.mailReply = reply;
      client.fill(now.mailSlot, Replies.forClient(reply));
    }
  }

  private void rcptReply(Recipient recipient, Reply reply) {
    boolean replayed = recipient.outcome() == Outcome.ACCEPTED;
    if (!judged(Phase.RCPT, reply, replayed) && !replayed) {
      delivery.tx().told(recipient, reply.severity() == 2);
      client.fill(recipient.slot, Replies.forClient(reply));
    }
  }

  /**
   * What MAIL, RCPT and chunks have in common.
   *
   * @param replayed whether the client was told 2xx already
   * @return whether the member is out of it
   */
  private boolean judged(Phase phase, Reply reply, boolean replayed) {
    if (reply.severity() == 3) {
      failures.failed(Failure.of(Kind.MALFORMED, phase, reply));
      return true;
    }
    if (isPressed(phase, reply)) {
      return true;
    }
    if (reply.severity() != 2 && replayed) {
      failures.failed(Failure.of(Kind.REPLAY_REFUSED, phase, reply));
      return true;
    }
    return false;
  }

  /** Whether the member is short of something, and so out of it. */
  private boolean isPressed(Phase phase, Reply reply) {
    boolean pressed = outlet.isPressure(phase, reply);
    if (pressed) {
      failures.failed(Failure.of(Kind.PRESSURE, phase, reply));
    }
    return pressed;
  }

  private void dataReply(Reply reply) {
    Transaction now = delivery.tx();
    if (reply.code() == 354 && now.isRefused()) {
      delivery.drop(); // It would take a body without a sender.
      delivery.dataRefused(Replies.NO_TRANSACTION);
    } else if (reply.code() == 354) {
      dataGranted(now);
    } else if (reply.severity() < 4) {
      failures.failed(Failure.of(Kind.MALFORMED, Phase.DATA, reply));
    } else if (isPressed(Phase.DATA, reply)) {
      return; // Another one is looked for.
    } else if (now.dataGranted) {
      failures.failed(Failure.of(Kind.REPLAY_REFUSED, Phase.DATA, reply));
    } else {
      delivery.dataRefused(Replies.forClient(reply));
    }
  }

  private void dataGranted(Transaction now) {
    if (!now.dataGranted) {
      now.dataGranted = true;
      outlet.trace();
      client.dataGranted(now);
      return;
    }
    outlet.trace();
    if (now.complete) {
      delivery.member().expect(Step.FINAL);
    }
    if (now.octets > 0) {
      outlet.replay(0, now.octets);
    }
  }

  private void oldChunkReply(Reply reply) {
    judged(Phase.FINAL_REPLY, reply, true);
  }

  private void chunkReply(Reply reply) {
    Transaction now = delivery.tx();
    boolean early = client.chunkLeft() > 0;
    if (early) {
      delivery.member().answeredEarly();
    }
    if (early && reply.severity() == 2) {
      failures.failed(Failure.of(Kind.MALFORMED, Phase.BODY, reply));
    } else if (!judged(Phase.FINAL_REPLY, reply, false)) {
      if (reply.severity() == 2) {
        now.chunkedOctets = now.octets;
        now.oldChunksSent = true;
        now.chunk = null;
        now.chunkSent = false;
        client.chunkAccepted(now, reply);
      } else {
        refusedFinally(reply);
        client.chunkRefused(now, Replies.forClient(reply));
      }
    }
  }

  private void finalReply(Reply reply) {
    Transaction now = delivery.tx();
    if (!now.complete) {
      chunkReply(reply); // The last chunk is refused before all of it has come.
      return;
    }
    if (!now.committed) {
      delivery.member().answeredEarly(); // A farewell behind the rest would complete the message.
    }
    if (reply.severity() < 4 && !now.committed) {
      // It has not got all of it yet: whatever it took, it was not this message.
      failures.failed(Failure.of(Kind.MALFORMED, Phase.FINAL_REPLY, reply));
      return;
    }
    if (reply.severity() == 3) {
      failures.outcomeUnknown(
          Failure.of(Kind.MALFORMED, Phase.FINAL_REPLY, reply), Replies.MALFORMED);
      return;
    }
    now.committed = true;
    if (outlet.isPressure(Phase.FINAL_REPLY, reply)) {
      now.committed = false; // It said that it has not got it.
      failures.failed(Failure.of(Kind.PRESSURE, Phase.FINAL_REPLY, reply));
      return;
    }
    if (reply.severity() == 2) {
      delivery.member().acceptedMessage();
    }
    outlet.emit(new SessionEvent.Answered(now, reply, !client.isGone()));
    boolean good = delivery.isPinned() || delivery.member().errors() == 0;
    boolean keeps = good && reply.code() != 421; // With 421 it closes.
    delivery.giveBack(keeps ? Disposition.KEEP : Disposition.CLOSE);
    delivery.end();
    client.finished(now, Replies.forClient(reply));
  }
}
