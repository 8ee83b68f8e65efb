package io.posthouse.smtp.session;

import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Outlet.CloseReason;

/**
 * The client of a link: where it stands, which answers it is owed, and what it is told of its
 * message.
 *
 * <p>Nobody else moves the state, says a word to the client or closes its link. What becomes of a
 * message is told by {@link Delivery} and its company: granted, refused, finished, doomed.
 */
final class ClientSide {
  private final Outlet outlet;
  private final ReplyLedger ledger = new ReplyLedger(this::say);
  private ClientState state;
  private boolean secured;
  private Reply doom = Replies.NO_MEMBER;
  private long chunkLeft;
  private int idleCommands;
  private int errors;
  private boolean inputEnded;
  private boolean gone;

  /**
   * A client that has just connected.
   *
   * @param encrypted whether TLS begins with the first octet
   */
  ClientSide(Outlet outlet, boolean encrypted) {
    this.outlet = outlet;
    this.state = encrypted ? ClientState.HANDSHAKE : ClientState.READY;
  }

  // ---- where it stands

  ClientState state() {
    return state;
  }

  boolean isClosed() {
    return state == ClientState.CLOSED;
  }

  void become(ClientState next) {
    if (state == next) {
      return;
    }
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("from " + state + " to " + next);
    }
    state = next;
  }

  /** Whether it waits for the result of what it sends: a client that ended its output does not. */
  boolean isThere() {
    return !gone && !inputEnded;
  }

  boolean isGone() {
    return gone;
  }

  boolean hasEnded() {
    return inputEnded;
  }

  void inputEnded() {
    inputEnded = true;
  }

  /** Nobody is left to be answered. */
  void lost() {
    gone = true;
    ledger.clear();
  }

  /** Octets of the current chunk that are still to come. */
  long chunkLeft() {
    return chunkLeft;
  }

  void chunkLeft(long octets) {
    chunkLeft = octets;
  }

  /** Counts a command that moves no mail; the count begins anew with each message. */
  int countIdle() {
    return ++idleCommands;
  }

  /** Counts what was refused, by us or as a login. */
  int countError() {
    return ++errors;
  }

  int errors() {
    return errors;
  }

  /** Whether TLS is in use. */
  boolean isSecured() {
    return secured;
  }

  /** TLS is in use from here on. */
  void secured() {
    secured = true;
    become(ClientState.READY);
  }

  // ---- its answers

  /** Whether every command so far was answered. */
  boolean isAnswered() {
    return ledger.isEmpty();
  }

  /** Whether one more command would have no place for its answer. */
  boolean isFull() {
    return ledger.isFull();
  }

  /** Opens a slot for an answer that is still to come. */
  long open() {
    return ledger.open();
  }

  void fill(long slot, Reply reply) {
    if (!gone) {
      ledger.fill(slot, reply);
    }
  }

  /** Answers the last command, in its turn. */
  void answer(Reply reply) {
    ledger.answer(reply);
  }

  /** What a command of a transaction that has failed is answered. */
  void answerDoomed() {
    ledger.answer(doom);
  }

  /** Says something at once. */
  void say(Reply reply) {
    if (!gone) {
      outlet.toClient(reply);
    }
  }

  // ---- what becomes of its login

  /** The member asks for more. */
  void challenged(Login login, Reply challenge) {
    fill(login.slot, challenge);
  }

  void loggedIn(Login login, Reply reply) {
    become(ClientState.READY);
    fill(login.slot, reply);
  }

  void loginRefused(Login login, Reply reply) {
    countError();
    if (isAnswered()) {
      return; // It is about to answer a challenge, and hears of it then.
    }
    become(ClientState.READY);
    fill(login.slot, Replies.forLogin(reply));
  }

  /** It answers the challenge of a member that is gone. */
  void answersNobody() {
    become(ClientState.READY);
    answer(Replies.NO_LOGIN);
  }

  // ---- what becomes of its message

  void dataGranted(Transaction now) {
    become(ClientState.BODY);
    fill(now.bodySlot, Replies.GO_ON);
  }

  void dataRefused(Transaction now, Reply reply) {
    become(ClientState.ENVELOPE);
    fill(now.bodySlot, reply);
  }

  void chunkAccepted(Transaction now, Reply reply) {
    become(ClientState.ENVELOPE);
    fill(now.bodySlot, reply);
  }

  void chunkRefused(Transaction now, Reply reply) {
    endWithoutMessage(now, reply);
    fill(now.bodySlot, reply);
  }

  /** The body of DATA is refused before its end; the rest of it is swallowed. */
  void bodyFailed(Reply reply) {
    doom = reply;
    become(ClientState.DISCARD);
  }

  void mailRefused() {
    become(ClientState.READY);
    ledger.fillAll(Replies.NO_TRANSACTION, Replies.NO_TRANSACTION);
  }

  /** The message got its last reply. */
  void finished(Transaction now, Reply reply) {
    idleCommands = 0;
    become(ClientState.READY);
    fill(now.bodySlot, reply);
  }

  /** Nobody takes the message. */
  void doomed(Transaction now, Reply reply) {
    boolean inBody = state == ClientState.BODY && now.chunk == null;
    if (inBody) {
      bodyFailed(reply);
      return;
    }
    endWithoutMessage(now, reply);
    ledger.fillAll(reply, doom);
    if (reply.code() == 421) {
      close(CloseReason.UNAVAILABLE);
    }
  }

  /** The transaction is over without a message; a client in the midst of it hears 451. */
  private void endWithoutMessage(Transaction now, Reply reply) {
    doom = Replies.brief(Replies.temporary(reply));
    boolean whole = now.complete || (now.chunk != null && now.chunk.last());
    become(whole ? ClientState.READY : ClientState.DOOMED);
  }

  // ---- the end

  /** Closes with a last reply. It comes in its turn: what is open hears before that it failed. */
  void close(Reply last, CloseReason why) {
    if (isClosed()) {
      return;
    }
    if (state != ClientState.HANDSHAKE) { // Nobody would understand a word.
      ledger.fillAll(Replies.NOT_DONE, Replies.NOT_DONE);
      ledger.answer(last);
    }
    close(why);
  }

  void close(CloseReason why) {
    if (!isClosed()) {
      become(ClientState.CLOSED);
      chunkLeft = 0;
      outlet.close(why);
    }
  }
}
