package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Failure.Kind;
import io.posthouse.smtp.session.Outlet.Acquisition;
import io.posthouse.smtp.session.Outlet.Disposition;
import io.posthouse.smtp.session.Recipient.Outcome;
import io.posthouse.smtp.session.ServerSide.Rcpt;
import io.posthouse.smtp.session.ServerSide.Step;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's way to a member: what is sent, what the answers mean, and another member when one
 * fails.
 *
 * <p>Two cursors are kept apart: what the member at hand was sent (in the {@link Transaction}) and
 * what the client was told (in its slots). A new member is sent everything from the start, as far
 * as it was not refused; answers that the client has already are compared and swallowed, the others
 * are passed on. So the first try and every replay are the same code.
 */
final class Delivery {
  private final Link link;
  private final Outlet outlet;
  private @Nullable Transaction open;
  private @Nullable ServerSide server;
  private boolean acquiring;

  Delivery(Link link, Outlet outlet) {
    this.link = link;
    this.outlet = outlet;
  }

  /** The open transaction; null for none. */
  @Nullable Transaction transaction() {
    return open;
  }

  /** The connection at hand; null for none. */
  @Nullable ServerSide server() {
    return server;
  }

  private Transaction tx() {
    Transaction now = open;
    if (now == null) {
      throw new IllegalStateException("no transaction is open");
    }
    return now;
  }

  private ServerSide member() {
    ServerSide now = server;
    if (now == null) {
      throw new IllegalStateException("no member is at hand");
    }
    return now;
  }

  /** Whether octets of the body have somewhere to go. */
  boolean takesBody() {
    Transaction now = open;
    if (server == null || acquiring || now == null) {
      return false;
    }
    return now.chunk == null ? now.dataSent && !server.owes() : now.chunkSent;
  }

  /** What the member is waited for; null when it owes nothing. */
  @Nullable Phase phase() {
    ServerSide now = server;
    ServerSide.Expected head = now == null ? null : now.awaited();
    return head == null ? null : head.phase();
  }

  void begin(Transaction transaction) {
    open = transaction;
    acquire(Acquisition.FIRST);
  }

  private void acquire(Acquisition how) {
    tx().rewind();
    acquiring = true;
    outlet.acquire(how, tx());
  }

  void acquired(ServerSide connection) {
    acquiring = false;
    server = connection;
    if (!connection.isFresh()) {
      connection.reused();
      greet(tx().hello());
    }
  }

  private void greet(Command.Hello as) {
    if (as.equals(member().greetedAs())) {
      greeted();
    } else {
      member().expect(Step.HELLO);
      outlet.toServer(as);
    }
  }

  private void greeted() {
    if (member().keywords().carry(tx().requires())) {
      sendMore();
    } else {
      failed(
          Failure.of(Kind.NOT_CAPABLE, Phase.HELLO, "it does not offer all of " + tx().requires()));
    }
  }

  /** Something was added that the member has not been sent yet. */
  void more() {
    if (server != null) {
      if (!member().isFresh() && !member().keywords().carry(tx().requires())) {
        failed(
            Failure.of(
                Kind.NOT_CAPABLE, Phase.RCPT, "it does not offer all of " + tx().requires()));
      } else {
        sendMore();
      }
    } else if (!acquiring) {
      retry(Acquisition.ANOTHER); // The member had gone while nothing was asked of it.
    }
  }

  /** Sends what may be sent now: all that is left to a member that pipelines, else one command. */
  private void sendMore() {
    ServerSide to = member();
    if (to.isFresh() || to.awaited() == Step.HELLO) {
      return;
    }
    Transaction now = tx();
    while (server == to && open == now && to.maySend() && sendNext(now, to)) {
      // One more was sent.
    }
  }

  private boolean sendNext(Transaction now, ServerSide to) {
    if (!now.mailSent) {
      now.mailSent = true;
      to.expect(Step.MAIL);
      outlet.toServer(forMember(now.mail(), to));
      return true;
    }
    if (isRefused(now)) {
      return false;
    }
    while (now.recipientsSent < now.recipients().size()) {
      Recipient next = now.recipients().get(now.recipientsSent++);
      if (next.outcome() != Outcome.REFUSED) {
        to.expect(new Rcpt(next));
        outlet.toServer(next.command());
        return true;
      }
    }
    if (now.chunk != null) {
      return sendChunk(now, to);
    }
    return now.dataRequested && !now.dataSent && sendData(now, to);
  }

  /** SIZE is announced hop by hop: a member that does not know it is not told. */
  private static Command.Mail forMember(Command.Mail mail, ServerSide to) {
    return mail.parameters().has("SIZE") && !to.keywords().has("SIZE")
        ? new Command.Mail(mail.sender(), mail.parameters().without("SIZE"))
        : mail;
  }

  private boolean sendData(Transaction now, ServerSide to) {
    if (!to.owes() && now.accepted() == 0) {
      dataRefused(Replies.NO_RECIPIENTS);
      return false;
    }
    now.dataSent = true;
    to.expect(Step.DATA);
    outlet.toServer(new Command.Data());
    return true;
  }

  /** BDAT goes out only when all before it was answered (semantics.md, Retry). */
  private boolean sendChunk(Transaction now, ServerSide to) {
    if (to.owes() || now.chunkSent) {
      return false;
    }
    if (now.chunkedOctets > 0 && !now.oldChunksSent) {
      now.oldChunksSent = true;
      to.expect(Step.OLD_CHUNK);
      outlet.toServer(new Command.Bdat(now.chunkedOctets, false));
      outlet.replay(0, now.chunkedOctets);
      return false;
    }
    Command.Bdat chunk = now.chunk;
    if (chunk == null) {
      throw new AssertionError("no chunk to send");
    }
    now.chunkSent = true;
    to.expect(chunk.last() ? Step.FINAL : Step.CHUNK);
    outlet.toServer(chunk);
    if (now.octets > now.chunkedOctets) {
      outlet.replay(now.chunkedOctets, now.octets - now.chunkedOctets);
    }
    return false;
  }

  /** The client's end of data was handed on. */
  void endOfData() {
    member().expect(Step.FINAL);
  }

  // ---- what the member says

  void reply(Reply reply) {
    ServerSide from = server;
    if (from == null) {
      return; // Said by a connection that was given back already.
    }
    boolean stale = from.isStaleSuspect();
    ServerSide.Expected asked = from.answered(reply);
    if (stale && reply.code() == 421) {
      // It was about to close when the message came: the same as a connection found dead.
      failed(Failure.of(Kind.LOST, Phase.COMMAND, reply), true);
    } else if (asked == null) {
      unasked(reply);
    } else if (asked instanceof Rcpt rcpt) {
      rcptReply(rcpt.recipient(), reply);
    } else {
      stepReply((Step) asked, reply);
    }
    if (server == from && open != null) {
      sendMore();
    }
    endIfRefused();
  }

  private void stepReply(Step step, Reply reply) {
    switch (step) {
      case GREETING -> greetingReply(reply);
      case HELLO -> helloReply(reply);
      case MAIL -> mailReply(reply);
      case DATA -> dataReply(reply);
      case OLD_CHUNK -> oldChunkReply(reply);
      case CHUNK -> chunkReply(reply);
      case FINAL -> finalReply(reply);
    }
  }

  private void unasked(Reply reply) {
    boolean inBody = link.state() == ClientState.BODY;
    if (inBody && reply.severity() >= 4 && reply.code() != 421) {
      earlyReply(reply);
    } else if (reply.code() == 421) {
      boolean pressure = outlet.isPressure(Phase.COMMAND, reply);
      Kind kind = isClientsTurn() ? Kind.DISMISSED : pressure ? Kind.PRESSURE : Kind.LOST;
      failed(Failure.of(kind, Phase.COMMAND, reply));
    } else {
      failed(Failure.of(Kind.MALFORMED, Phase.COMMAND, reply));
    }
  }

  /** Whether nothing goes on but that the client's next command is waited for. */
  private boolean isClientsTurn() {
    return link.state() == ClientState.ENVELOPE && phase() == null;
  }

  /** The member refuses a body before it has all of it: its word, but the connection is spent. */
  private void earlyReply(Reply reply) {
    if (outlet.isPressure(Phase.BODY, reply)) {
      failed(Failure.of(Kind.PRESSURE, Phase.BODY, reply));
      return;
    }
    refusedFinally(reply);
    link.bodyFailed(Replies.forClient(reply));
  }

  private void refusedFinally(Reply reply) {
    outlet.emit(new SessionEvent.Answered(tx(), reply, !link.isClientGone()));
    drop();
    open = null;
  }

  private void greetingReply(Reply reply) {
    if (reply.severity() == 2) {
      greet(tx().hello());
    } else if (outlet.isPressure(Phase.GREETING, reply)) {
      failed(Failure.of(Kind.PRESSURE, Phase.GREETING, reply));
    } else {
      failed(refusal(Kind.GREETING_REFUSED, Phase.GREETING, reply));
    }
  }

  /** The member does not let its client in: its word, unless it is nonsense. */
  private static Failure refusal(Kind kind, Phase phase, Reply reply) {
    return Failure.of(reply.severity() == 3 ? Kind.MALFORMED : kind, phase, reply);
  }

  private void helloReply(Reply reply) {
    Command.Hello hello = tx().hello();
    boolean fallsBack = member().fellBack();
    if (reply.severity() == 2) {
      member()
          .greeted(
              hello, fallsBack || !hello.extended() ? EhloKeywords.none() : EhloKeywords.of(reply));
      greeted();
    } else if (outlet.isPressure(Phase.HELLO, reply)) {
      failed(Failure.of(Kind.PRESSURE, Phase.HELLO, reply));
    } else if (!member().isFresh()) {
      if (reply.code() == 503) { // Anything else is about the name.
        member().refusedAnotherHello();
      }
      failed(refusal(Kind.HELLO_REFUSED, Phase.HELLO, reply), true);
    } else if (reply.severity() == 5 && hello.extended() && !fallsBack) {
      member().fallBack();
      member().expect(Step.HELLO);
      outlet.toServer(new Command.Hello(false, hello.name()));
    } else {
      failed(refusal(Kind.HELLO_REFUSED, Phase.HELLO, reply));
    }
  }

  private void mailReply(Reply reply) {
    Transaction now = tx();
    boolean replayed = now.mailReply != null;
    if (judged(Phase.MAIL, reply, replayed)) {
      return;
    }
    if (!replayed) {
      now.mailReply = reply;
      link.fill(now.mailSlot, Replies.forClient(reply));
    }
  }

  private void rcptReply(Recipient recipient, Reply reply) {
    boolean replayed = recipient.outcome() == Outcome.ACCEPTED;
    if (judged(Phase.RCPT, reply, replayed)) {
      return;
    }
    if (!replayed) {
      tx().told(recipient, reply.severity() == 2);
      link.fill(recipient.slot, Replies.forClient(reply));
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
      failed(Failure.of(Kind.MALFORMED, phase, reply));
      return true;
    }
    if (outlet.isPressure(phase, reply)) {
      failed(Failure.of(Kind.PRESSURE, phase, reply));
      return true;
    }
    if (reply.severity() != 2 && replayed) {
      failed(Failure.of(Kind.REPLAY_REFUSED, phase, reply));
      return true;
    }
    return false;
  }

  private void dataReply(Reply reply) {
    Transaction now = tx();
    if (reply.code() == 354 && isRefused(now)) {
      drop(); // It would take a body without a sender.
      dataRefused(Replies.NO_TRANSACTION);
    } else if (reply.code() == 354) {
      dataGranted(now);
    } else if (reply.severity() < 4) {
      failed(Failure.of(Kind.MALFORMED, Phase.DATA, reply));
    } else if (outlet.isPressure(Phase.DATA, reply)) {
      failed(Failure.of(Kind.PRESSURE, Phase.DATA, reply));
    } else if (now.dataGranted) {
      failed(Failure.of(Kind.REPLAY_REFUSED, Phase.DATA, reply));
    } else {
      dataRefused(Replies.forClient(reply));
    }
  }

  private void dataGranted(Transaction now) {
    if (!now.dataGranted) {
      now.dataGranted = true;
      link.dataGranted(now);
      return;
    }
    if (now.complete) {
      member().expect(Step.FINAL);
    }
    if (now.octets > 0) {
      outlet.replay(0, now.octets);
    }
  }

  private void dataRefused(Reply reply) {
    tx().dataRequested = false;
    tx().dataSent = false;
    link.dataRefused(tx(), reply);
  }

  private void oldChunkReply(Reply reply) {
    judged(Phase.FINAL_REPLY, reply, true);
  }

  private void chunkReply(Reply reply) {
    Transaction now = tx();
    boolean early = link.chunkOctetsLeft() > 0;
    if (early) {
      member().answeredEarly();
    }
    if (early && reply.severity() == 2) {
      failed(Failure.of(Kind.MALFORMED, Phase.BODY, reply));
    } else if (!judged(Phase.FINAL_REPLY, reply, false)) {
      if (reply.severity() == 2) {
        now.chunkedOctets = now.octets;
        now.oldChunksSent = true;
        now.chunk = null;
        now.chunkSent = false;
        link.chunkAccepted(now, reply);
      } else {
        refusedFinally(reply);
        link.chunkRefused(now, Replies.forClient(reply));
      }
    }
  }

  private void finalReply(Reply reply) {
    Transaction now = tx();
    if (!now.complete) {
      chunkReply(reply); // The last chunk is refused before all of it has come.
      return;
    }
    if (!now.committed) {
      member().answeredEarly(); // A farewell would follow the rest, and so complete the message.
    }
    if (reply.severity() < 4 && !now.committed) {
      // It has not got all of it yet: whatever it took, it was not this message.
      failed(Failure.of(Kind.MALFORMED, Phase.FINAL_REPLY, reply));
      return;
    }
    if (reply.severity() == 3) {
      outcomeUnknown(Failure.of(Kind.MALFORMED, Phase.FINAL_REPLY, reply), Replies.MALFORMED);
      return;
    }
    now.committed = true;
    if (outlet.isPressure(Phase.FINAL_REPLY, reply)) {
      now.committed = false; // It said that it has not got it.
      failed(Failure.of(Kind.PRESSURE, Phase.FINAL_REPLY, reply));
      return;
    }
    if (reply.severity() == 2) {
      member().acceptedMessage();
    }
    outlet.emit(new SessionEvent.Answered(now, reply, !link.isClientGone()));
    boolean keeps = member().errors() == 0;
    giveBack(keeps ? Disposition.KEEP : Disposition.CLOSE);
    open = null;
    link.finished(now, Replies.forClient(reply));
  }

  /** MAIL was refused and nothing is owed any more: the transaction never was. */
  private void endIfRefused() {
    Transaction now = open;
    if (now != null && isRefused(now) && (server == null || !server.owes())) {
      open = null;
      giveBack(Disposition.CLOSE);
      link.mailRefused();
    }
  }

  private static boolean isRefused(Transaction now) {
    return now.mailReply != null && now.mailReply.severity() != 2;
  }

  // ---- what goes wrong

  /** The connection broke, timed out or spoke nonsense. */
  void lost(Kind kind, String detail) {
    ServerSide gone = server;
    if (gone == null) {
      return;
    }
    Transaction now = tx();
    boolean clients = isClientsTurn();
    Phase phase = phase();
    Phase at = clients ? Phase.COMMAND : phase == null ? Phase.BODY : phase;
    boolean dismissed = kind == Kind.LOST && (clients || gone.errors() > 0);
    Failure failure = Failure.of(dismissed ? Kind.DISMISSED : kind, at, detail);
    if (link.state() == ClientState.FINAL_REPLY && now.committed) {
      outcomeUnknown(failure, kind == Kind.MALFORMED ? Replies.MALFORMED : Replies.LOST);
    } else {
      failed(failure, kind == Kind.LOST && gone.isStaleSuspect());
      endIfRefused();
    }
  }

  private void outcomeUnknown(Failure failure, Reply reply) {
    Transaction now = tx();
    outlet.emit(new SessionEvent.OutcomeUnknown(now, failure));
    drop();
    open = null;
    link.finished(now, reply);
  }

  private void failed(Failure failure) {
    failed(failure, false);
  }

  /**
   * The member at hand does not take the message.
   *
   * @param stale only this kept connection is spent: a new one to the same member will do
   */
  private void failed(Failure failure, boolean stale) {
    Transaction now = tx();
    drop();
    if (isRefused(now)) {
      return; // Its client knows already that there is no transaction.
    }
    Reply last = said(now, failure);
    now.lastReply = lastReply(now, stale ? Replies.temporary(last) : last);
    boolean idle = link.isQuiet() && link.state() == ClientState.ENVELOPE;
    boolean moves = now.mayMove() && link.isClientThere();
    if (!stale) {
      outlet.emit(new SessionEvent.AttemptFailed(now, failure, moves));
    }
    if (!moves) {
      giveUp();
    } else if (!idle) {
      acquire(stale ? Acquisition.SAME_FRESH : Acquisition.ANOTHER);
    }
  }

  /** What one member called temporary, no other makes permanent by not letting us in. */
  private static Reply lastReply(Transaction now, Reply next) {
    Reply before = now.lastReply;
    return before != null && before.severity() == 4 && next.severity() == 5 ? before : next;
  }

  private void retry(Acquisition how) {
    if (tx().mayMove() && link.isClientThere()) {
      acquire(how);
    } else {
      giveUp();
    }
  }

  /**
   * What the client hears if nobody else takes the message: the member's own words where they are
   * about this message and nothing was promised yet, else a 4xx.
   */
  private static Reply said(Transaction now, Failure failure) {
    Reply said = failure.reply();
    return switch (failure.kind()) {
      case LOST, DISMISSED, TIMEOUT -> Replies.LOST;
      case MALFORMED -> Replies.MALFORMED;
      case NOT_CAPABLE, REPLAY_REFUSED -> Replies.NO_MEMBER;
      case PRESSURE -> said == null ? Replies.NO_MEMBER : Replies.temporary(said);
      case GREETING_REFUSED, HELLO_REFUSED ->
          said == null || now.mailReply != null ? Replies.NO_MEMBER : Replies.forClient(said);
    };
  }

  /** Nobody takes it. */
  void unavailable(Reply reply) {
    acquiring = false;
    if (tx().lastReply == null) {
      tx().lastReply = reply;
    }
    giveUp();
  }

  private void giveUp() {
    Transaction now = tx();
    Reply last = now.lastReply;
    Reply reply = last == null ? Replies.NO_MEMBER : last;
    open = null;
    outlet.emit(new SessionEvent.Failed(now, reply));
    link.doomed(now, reply);
  }

  /** The client begins anew or is gone: the envelope is given up. */
  void abandon() {
    Transaction now = open;
    if (now == null) {
      return;
    }
    open = null;
    outlet.emit(new SessionEvent.Abandoned(now));
    boolean clean =
        !acquiring
            && server != null
            && !server.owes()
            && !now.dataSent
            && now.chunk == null
            && server.errors() == 0;
    giveBack(clean ? Disposition.RESET : Disposition.CLOSE);
    acquiring = false;
  }

  private void drop() {
    giveBack(Disposition.CLOSE);
  }

  private void giveBack(Disposition how) {
    if (server != null || acquiring) {
      server = null;
      acquiring = false;
      outlet.release(how);
    }
  }
}
