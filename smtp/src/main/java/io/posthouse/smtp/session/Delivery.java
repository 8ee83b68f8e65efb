package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Parameters;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Failure.Kind;
import io.posthouse.smtp.session.Outlet.Acquisition;
import io.posthouse.smtp.session.Outlet.Disposition;
import io.posthouse.smtp.session.Recipient.Outcome;
import io.posthouse.smtp.session.ServerSide.Rcpt;
import io.posthouse.smtp.session.ServerSide.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An errand's way to a member: the connection at hand and what it is sent. What its answers mean is
 * for {@link MemberReplies}, another member when one fails for {@link FailurePolicy}.
 *
 * <p>Two cursors are kept apart: what the member at hand was sent (in the {@link Transaction}) and
 * what the client was told (in its slots). A new member is sent everything from the start, as far
 * as it was not refused; answers that the client has already are compared and swallowed, the others
 * are passed on. So the first try and every replay are the same code.
 *
 * <p>A client that has logged in stays with its member: the connection is kept between its
 * messages, and none of them goes to anybody else.
 */
final class Delivery {
  private final ClientSide client;
  private final Outlet outlet;
  private final FailurePolicy failures;
  private @Nullable Errand open;
  private @Nullable ServerSide server;
  private boolean acquiring;
  private boolean pinned;
  private boolean loginLost;

  Delivery(ClientSide client, Outlet outlet) {
    this.client = client;
    this.outlet = outlet;
    this.failures = new FailurePolicy(this, client, outlet);
  }

  /** What is done when a member fails. */
  FailurePolicy failures() {
    return failures;
  }

  // ---- what is at hand

  /** The open transaction; null for none. */
  @Nullable Transaction transaction() {
    return open instanceof Transaction message ? message : null;
  }

  /** What the member at hand, or looked for, is wanted for; null for nothing. */
  @Nullable Errand errand() {
    return open;
  }

  /** The login that is under way. */
  Login login() {
    if (open instanceof Login login) {
      return login;
    }
    throw new IllegalStateException("nobody logs in");
  }

  /** The connection at hand; null for none. */
  @Nullable ServerSide server() {
    return server;
  }

  /** The open transaction, which there is. */
  Transaction tx() {
    if (open instanceof Transaction message) {
      return message;
    }
    throw new IllegalStateException("no transaction is open");
  }

  /** What the member is wanted for, which there is. */
  Errand wanted() {
    Errand now = open;
    if (now == null) {
      throw new IllegalStateException("nothing is wanted");
    }
    return now;
  }

  /** The connection at hand, which there is. */
  ServerSide member() {
    ServerSide now = server;
    if (now == null) {
      throw new IllegalStateException("no member is at hand");
    }
    return now;
  }

  /** Whether octets of the body have somewhere to go. */
  boolean takesBody() {
    Transaction now = transaction();
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

  // ---- how it comes and goes

  /** Looks for a member, unless the client is logged in at one. */
  void begin(Errand errand) {
    open = errand;
    if (pinned) {
      outlet.acquire(Acquisition.PINNED, errand);
      greet(errand.hello());
    } else {
      acquire(Acquisition.FIRST);
    }
  }

  /** Looks for a member, which is then sent everything from the start. */
  void acquire(Acquisition how) {
    wanted().rewind();
    acquiring = true;
    outlet.acquire(how, wanted());
  }

  /** Whether the client has logged in at the member at hand. */
  boolean isPinned() {
    return pinned;
  }

  /** Whether the client has logged in at a member that is lost. */
  boolean isLoginLost() {
    return loginLost;
  }

  /** The member took the login: it keeps this client. */
  void pin() {
    pinned = true;
    open = null;
  }

  /** The client begins anew as if it had never logged in, or leaves. */
  void leave() {
    abandon();
    giveBack(Disposition.CLOSE);
    loginLost = false;
  }

  /** No member is looked for any more: there is none. */
  void noneFound() {
    acquiring = false;
  }

  void acquired(ServerSide connection) {
    acquiring = false;
    server = connection;
    if (!connection.isFresh()) {
      connection.reused();
      greet(wanted().hello());
    }
  }

  /** The errand at hand is over: nothing more is sent for it. */
  void end() {
    open = null;
  }

  /** MAIL was refused and nothing is owed any more: the transaction never was. */
  void endIfRefused() {
    Errand now = open;
    if (now != null && now.isRefused() && (server == null || !server.owes())) {
      open = null;
      giveBack(pinned ? Disposition.KEEP : Disposition.CLOSE);
      client.mailRefused();
    }
  }

  /** The client begins anew or is gone: the envelope is given up. */
  void abandon() {
    Errand now = open;
    if (now == null) {
      return;
    }
    open = null;
    boolean clean = false;
    if (now instanceof Transaction message) {
      outlet.emit(new SessionEvent.Abandoned(message));
      clean = isBetweenCommands(message);
    }
    giveBack(clean ? Disposition.RESET : Disposition.CLOSE);
    acquiring = false;
  }

  /** Whether RSET would end the envelope, and nobody pays for its errors. */
  private boolean isBetweenCommands(Transaction message) {
    ServerSide now = server;
    return !acquiring
        && now != null
        && !now.owes()
        && !message.dataSent
        && message.chunk == null
        && (pinned || now.errors() == 0);
  }

  /** The connection is of no further use. */
  void drop() {
    giveBack(Disposition.CLOSE);
  }

  /** Gives the connection back, or ends the search for one. */
  void giveBack(Disposition how) {
    if (pinned && how != Disposition.CLOSE) {
      keepPinned(how);
    } else if (server != null || acquiring) {
      loginLost = pinned;
      pinned = false;
      server = null;
      acquiring = false;
      outlet.release(how);
    }
  }

  private void keepPinned(Disposition how) {
    if (how == Disposition.RESET) {
      member().expect(Step.RESET);
      outlet.toServer(new Command.Rset());
    }
  }

  // ---- what it is sent

  /** Greets the member, unless it knows this client. */
  void greet(Command.Hello as) {
    if (as.equals(member().greetedAs())) {
      greeted();
    } else {
      member().expect(Step.HELLO);
      // Only EHLO tells whether STARTTLS and XCLIENT are there.
      outlet.toServer(asksMore() ? new Command.Hello(true, as.name()) : as);
    }
  }

  private boolean asksMore() {
    return member().isToBeSecured() || isToBeAnnounced();
  }

  /** Whether the member at hand has still to be told who its client is. */
  boolean isToBeAnnounced() {
    return !member().isAnnounced() && outlet.told() != null;
  }

  /** Tells the member who its client is, with as much as it wants to know. */
  void announce(EhloKeywords offered) {
    Command.XClient all = outlet.told();
    List<String> wanted = offered.words("XCLIENT");
    if (all == null || !wanted.contains("ADDR")) {
      failures.failed(
          Failure.of(
              Kind.NOT_CAPABLE, Phase.ANNOUNCE, "it does not offer XCLIENT with ADDR to us"));
      return;
    }
    member().expect(Step.XCLIENT);
    outlet.toServer(all.only(wanted));
  }

  /** It knows its client. */
  void greeted() {
    switch (wanted()) {
      case Login login -> logIn(login);
      case Transaction message when member().keywords().carry(message.requires()) -> sendMore();
      case Transaction _ -> notCapable(Phase.HELLO);
    }
  }

  private void logIn(Login login) {
    Command.Auth command = login.command;
    if (command == null || !member().takesLogin(login.mechanism())) {
      notCapable(Phase.AUTH);
      return;
    }
    login.command = null;
    member().expect(Step.AUTH);
    outlet.toServer(command);
  }

  /** The client answers a challenge of the member. */
  void respond(String answer) {
    member().expect(Step.AUTH);
    outlet.respond(answer);
  }

  private void notCapable(Phase phase) {
    failures.failed(
        Failure.of(Kind.NOT_CAPABLE, phase, "it does not offer all of " + wanted().requires()));
  }

  /** Something was added that the member has not been sent yet. */
  void more() {
    if (server != null) {
      if (!member().isFresh() && !member().keywords().carry(tx().requires())) {
        notCapable(Phase.RCPT);
        endIfRefused();
      } else {
        sendMore();
      }
    } else if (!acquiring) {
      failures.retry(Acquisition.ANOTHER); // The member had gone while nothing was asked of it.
    }
  }

  /** Sends what may be sent now: all that is left to a member that pipelines, else one command. */
  void sendMore() {
    ServerSide to = member();
    Transaction now = transaction();
    if (now == null || to.isFresh() || to.awaited() == Step.HELLO) {
      return;
    }
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
    if (now.isRefused()) {
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

  /** SIZE is announced hop by hop: a member that does not know it is not told, others all of it. */
  private Command.Mail forMember(Command.Mail mail, ServerSide to) {
    int more = outlet.traceOctets();
    if (!mail.parameters().has("SIZE") || (more == 0 && to.keywords().has("SIZE"))) {
      return mail;
    }
    Parameters parameters =
        to.keywords().has("SIZE")
            ? mail.parameters().withSize(mail.declaredSize() + more)
            : mail.parameters().without("SIZE");
    return new Command.Mail(mail.sender(), parameters);
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

  /** DATA is answered by a refusal; the client may go on with the envelope. */
  void dataRefused(Reply reply) {
    tx().dataRequested = false;
    tx().dataSent = false;
    client.dataRefused(tx(), reply);
  }

  /** BDAT goes out only when all before it was answered: a chunk cannot be taken back. */
  private boolean sendChunk(Transaction now, ServerSide to) {
    if (to.owes() || now.chunkSent) {
      return false;
    }
    if (now.chunkedOctets > 0 && !now.oldChunksSent) {
      now.oldChunksSent = true;
      to.expect(Step.OLD_CHUNK);
      giveChunk(now, new Command.Bdat(now.chunkedOctets, false));
      outlet.replay(0, now.chunkedOctets);
      return false;
    }
    Command.Bdat chunk = now.chunk;
    if (chunk == null) {
      throw new AssertionError("no chunk to send");
    }
    now.chunkSent = true;
    to.expect(chunk.last() ? Step.FINAL : Step.CHUNK);
    giveChunk(now, chunk);
    if (now.octets > now.chunkedOctets) {
      outlet.replay(now.chunkedOctets, now.octets - now.chunkedOctets);
    }
    return false;
  }

  /** The first chunk that a member gets, though empty, begins with the header put in front. */
  private void giveChunk(Transaction now, Command.Bdat chunk) {
    if (now.traced) {
      outlet.toServer(chunk);
      return;
    }
    now.traced = true;
    outlet.toServer(new Command.Bdat(chunk.size() + outlet.traceOctets(), chunk.last()));
    outlet.trace();
  }

  /** The client's end of data was handed on. */
  void endOfData() {
    member().expect(Step.FINAL);
  }
}
