package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Parsed;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Failure.Kind;
import io.posthouse.smtp.session.Outlet.CloseReason;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client link in mode smtp: a server towards its client, a client towards the member of each
 * message.
 *
 * <p>What happens is told by calls; what is to be done comes out through the {@link Outlet}. After
 * each call {@link #input} says what the client's next octets are, and whether they may be read at
 * all: a link that waits for a member does not read its client, so nothing piles up here. {@link
 * #clientPhase} and {@link #serverPhase} say what is waited for; the caller keeps the deadlines.
 *
 * <p>Commands are of two sorts. RCPT, DATA and those answered here may follow each other without
 * waiting (RFC 2920); the ledger keeps their replies in order. All others wait until everything
 * before them was answered.
 */
public final class Link {
  private final String hostname;
  private final SessionLimits limits;
  private final Outlet outlet;
  private final ReplyLedger ledger;
  private final Delivery delivery;
  private ClientState state = ClientState.READY;
  private Command.@Nullable Hello hello;
  private EhloKeywords offered = EhloKeywords.none();
  private @Nullable Command parked;
  private Reply doom = Replies.NO_MEMBER;
  private long chunkLeft;
  private int errors;
  private int idleCommands;
  private boolean inputEnded;
  private boolean clientGone;
  private boolean closeWhenQuiet;

  /**
   * A link whose client has just connected.
   *
   * @param hostname our own name, told in greetings
   */
  public Link(String hostname, SessionLimits limits, Outlet outlet) {
    this.hostname = hostname;
    this.limits = limits;
    this.outlet = outlet;
    this.ledger = new ReplyLedger(this::say);
    this.delivery = new Delivery(this, outlet);
  }

  /** Greets the client (RFC 5321 section 3.1). */
  public void open() {
    say(Reply.of(220, hostname + " ESMTP"));
  }

  // ---- what the caller asks

  /** What the client's next octets are. */
  public ClientInput input() {
    if (state == ClientState.CLOSED) {
      return ClientInput.CLOSED;
    }
    if (chunkLeft > 0) {
      boolean taken = state != ClientState.BODY || delivery.takesBody();
      return taken ? ClientInput.CHUNK : ClientInput.HELD;
    }
    return switch (state) {
      case READY, ENVELOPE, DOOMED ->
          parked != null || ledger.isFull() ? ClientInput.HELD : ClientInput.COMMAND;
      case BODY -> isInData() && delivery.takesBody() ? ClientInput.DATA : ClientInput.HELD;
      case DISCARD -> ClientInput.DATA;
      case DATA_REQUESTED, FINAL_REPLY -> ClientInput.HELD;
      case CLOSED -> ClientInput.CLOSED;
    };
  }

  private boolean isInData() {
    Transaction now = delivery.transaction();
    return now != null && now.chunk == null;
  }

  /** Whether octets of the body go to the member now, rather than nowhere. */
  public boolean forwardsBody() {
    return state == ClientState.BODY;
  }

  /** Octets of the current chunk that are still to come. */
  public long chunkOctetsLeft() {
    return chunkLeft;
  }

  /**
   * Whether the member has been handed all of a message whose last octet is not known to have left
   * us: {@link #committed} is to be called when it has.
   */
  public boolean awaitsCommit() {
    Transaction now = delivery.transaction();
    ServerSide server = delivery.server();
    return now != null
        && now.complete
        && !now.committed
        && server != null
        && server.awaited() == ServerSide.Step.FINAL;
  }

  /** The open transaction; null for none. */
  public @Nullable Transaction transaction() {
    return delivery.transaction();
  }

  /** Where the client stands. */
  public ClientState state() {
    return state;
  }

  /** What the client is waited for; null when it is not its turn. */
  public @Nullable Phase clientPhase() {
    return switch (input()) {
      case COMMAND -> ledger.isEmpty() ? Phase.COMMAND : null;
      case DATA, CHUNK -> Phase.BODY;
      case HELD, CLOSED -> null;
    };
  }

  /** What the member is waited for; null when it owes nothing. */
  public @Nullable Phase serverPhase() {
    return delivery.phase();
  }

  // ---- what the client does

  /** A line that is no command we could run. */
  public void refused(Parsed.Refused refused) {
    switch (refused.kind()) {
      case NOT_SMTP -> notSmtp();
      case UNCOUNTED -> quit(refused.reply(), CloseReason.OUT_OF_STEP);
      case SYNTAX, UNKNOWN_COMMAND, PRIVATE_VERB -> {
        swallow(refused.octets());
        error(refused.reply());
      }
    }
  }

  /** Octets of a chunk come that cannot be used: without them the message has a hole. */
  private void swallow(long octets) {
    Transaction now = delivery.transaction();
    chunkLeft = octets;
    if (octets > 0 && now != null) {
      now.chunkMissing = true;
    }
  }

  /** Octets of another protocol, such as HTTP or TLS: nothing that follows can be trusted. */
  public void notSmtp() {
    quit(Replies.NOT_SMTP, CloseReason.NOT_SMTP);
  }

  /** A line that is longer than any command. */
  public void lineTooLong() {
    error(Replies.LINE_TOO_LONG);
  }

  /** A line without an end. */
  public void flood() {
    quit(Replies.LINE_TOO_LONG, CloseReason.LINE_TOO_LONG);
  }

  /** A command line, or a line of the body, that does not end in CR LF. */
  public void bareLineEnd() {
    quit(Replies.BARE_LINE_END, CloseReason.BARE_LINE_END);
  }

  /** A command. */
  public void command(Command command) {
    if (!goesOn(command) && !ledger.isEmpty()) {
      parked = command;
    } else {
      run(command);
    }
  }

  /** Whether a command may be run while answers to earlier ones are still to come. */
  private static boolean goesOn(Command command) {
    return switch (command) {
      case Command.Rcpt _, Command.Data _, Command.Noop _, Command.Help _ -> true;
      case Command.Vrfy _, Command.Expn _, Command.Auth _, Command.StartTls _ -> true;
      case Command.Hello _, Command.Mail _, Command.Bdat _, Command.Rset _, Command.Quit _ -> false;
    };
  }

  private void run(Command command) {
    switch (command) {
      case Command.Hello greeting -> hello(greeting);
      case Command.Mail mail -> mail(mail);
      case Command.Rcpt rcpt -> rcpt(rcpt);
      case Command.Data _ -> data();
      case Command.Bdat bdat -> bdat(bdat);
      case Command.Rset _ -> rset();
      case Command.Quit _ -> quit(Reply.of(221, "2.0.0 Bye"), CloseReason.QUIT);
      case Command.Noop _ -> idleCommand(Replies.OK);
      case Command.Help _ -> idleCommand(Replies.HELP);
      case Command.Vrfy _ -> idleCommand(Replies.CANNOT_VERIFY);
      case Command.Expn _ -> error(Replies.NOT_IMPLEMENTED);
      case Command.StartTls _, Command.Auth _ -> error(Replies.NOT_OFFERED);
    }
  }

  private void hello(Command.Hello greeting) {
    delivery.abandon();
    become(ClientState.READY);
    hello = greeting;
    if (greeting.extended()) {
      offered = outlet.offer();
      idleCommand(Replies.hello(hostname, offered.lines()));
    } else {
      offered = EhloKeywords.none();
      idleCommand(Reply.of(250, hostname));
    }
  }

  private void mail(Command.Mail mail) {
    Command.Hello from = hello;
    if (from == null) {
      error(Replies.HELLO_FIRST);
    } else if (state == ClientState.ENVELOPE) {
      error(Replies.NESTED_MAIL);
    } else if (!isOffered(mail.requires())) {
      error(Replies.UNKNOWN_PARAMETER);
    } else if (limits.maxMessageSize() > 0 && mail.declaredSize() > limits.maxMessageSize()) {
      error(Replies.TOO_BIG);
    } else {
      become(ClientState.ENVELOPE);
      delivery.begin(new Transaction(from, mail, ledger.open()));
    }
  }

  private boolean isOffered(Set<String> keywords) {
    for (String keyword : keywords) {
      if (!offered.has(keyword)) {
        return false;
      }
    }
    return true;
  }

  private void rcpt(Command.Rcpt rcpt) {
    Transaction now = delivery.transaction();
    if (state == ClientState.DOOMED) {
      ledger.answer(doom);
    } else if (state != ClientState.ENVELOPE || now == null) {
      error(Replies.MAIL_FIRST);
    } else if (now.chunked) {
      error(Replies.CHUNKS_BEGUN);
    } else if (!isOffered(rcpt.requires())) {
      error(Replies.UNKNOWN_PARAMETER);
    } else if (!rcpt.isAscii() && !now.mail().isUtf8()) {
      error(Replies.NEEDS_UTF8);
    } else if (now.recipients().size() >= limits.maxRecipients() || !outlet.keeps(rcpt)) {
      ledger.answer(Replies.TOO_MANY_RECIPIENTS);
    } else {
      now.add(new Recipient(rcpt, ledger.open()));
      delivery.more();
    }
  }

  private void data() {
    Transaction now = delivery.transaction();
    if (outlet.inputBehind()) {
      // What stands behind DATA was sent before 354; taken as commands it could be mail (RFC 2920).
      quit(Replies.TOO_EARLY, CloseReason.OUT_OF_STEP);
    } else if (state == ClientState.DOOMED) {
      ledger.answer(doom);
    } else if (state != ClientState.ENVELOPE || now == null) {
      error(Replies.MAIL_FIRST);
    } else if (now.chunkMissing) {
      error(Replies.CHUNK_MISSING);
    } else if (now.chunked) {
      error(Replies.CHUNKS_BEGUN);
    } else if (now.recipients().isEmpty()) {
      error(Replies.RCPT_FIRST);
    } else if (now.mail().requires().contains("BINARYMIME")) {
      error(Replies.BINARY_NEEDS_CHUNKS);
    } else {
      now.dataRequested = true;
      now.bodySlot = ledger.open();
      become(ClientState.DATA_REQUESTED);
      delivery.more();
    }
  }

  private void bdat(Command.Bdat chunk) {
    Transaction now = delivery.transaction();
    chunkLeft = chunk.size();
    if (state == ClientState.DOOMED) {
      ledger.answer(doom);
    } else if (!offered.has("CHUNKING")) {
      error(Replies.NOT_OFFERED);
    } else if (state != ClientState.ENVELOPE || now == null) {
      error(Replies.MAIL_FIRST);
    } else if (now.chunkMissing) {
      refuseChunk(now, chunk, Replies.CHUNK_MISSING);
    } else if (now.accepted() == 0) {
      boolean none = now.recipients().isEmpty();
      refuseChunk(now, chunk, none ? Replies.RCPT_FIRST : Replies.NO_RECIPIENTS);
    } else {
      now.require(Set.of("CHUNKING"));
      now.chunked = true;
      now.chunk = chunk;
      now.bodySlot = ledger.open();
      become(ClientState.BODY);
      if (chunkLeft == 0) {
        chunkComplete();
      }
      if (delivery.transaction() == now) {
        delivery.more();
      }
    }
  }

  /** A chunk that nothing can be done with; its last one ends the transaction all the same. */
  private void refuseChunk(Transaction now, Command.Bdat chunk, Reply reply) {
    now.chunkMissing = true;
    if (chunk.last()) {
      delivery.abandon();
      become(ClientState.READY);
    }
    error(reply);
  }

  private void rset() {
    delivery.abandon();
    become(ClientState.READY);
    idleCommand(Replies.OK);
  }

  /** Answers a command that moves no mail; a client that sends nothing else is sent away. */
  private void idleCommand(Reply reply) {
    if (++idleCommands > limits.maxIdleCommands()) {
      tooMany();
    } else {
      ledger.answer(reply);
    }
  }

  private void error(Reply reply) {
    if (++errors > limits.maxErrors()) {
      tooMany();
    } else {
      ledger.answer(reply);
    }
  }

  private void tooMany() {
    quit(Replies.TOO_MANY_ERRORS, CloseReason.TOO_MANY_ERRORS);
  }

  /**
   * Octets of the body, or of a chunk, were taken from the client: handed to the member when {@link
   * #forwardsBody}, else thrown away.
   */
  public void bodyOctets(long count) {
    if (chunkLeft > 0) {
      chunkLeft -= count;
    }
    Transaction now = delivery.transaction();
    if (state != ClientState.BODY || now == null) {
      return;
    }
    now.octets += count;
    if (now.chunk != null && chunkLeft == 0) {
      chunkComplete();
    }
  }

  private void chunkComplete() {
    Transaction now = delivery.transaction();
    if (now != null && now.chunk != null && now.chunk.last()) {
      now.complete = true;
      become(ClientState.FINAL_REPLY);
    }
  }

  /** The octets told last ended the body of DATA. */
  public void endOfData() {
    Transaction now = delivery.transaction();
    if (state == ClientState.DISCARD) {
      become(ClientState.READY);
      ledger.answer(doom);
      settle();
      return;
    }
    if (state != ClientState.BODY || now == null) {
      throw new IllegalStateException("end of data in " + state);
    }
    now.complete = true;
    now.bodySlot = ledger.open();
    become(ClientState.FINAL_REPLY);
    delivery.endOfData();
  }

  /** The replay buffer gave up on this message: it cannot be given to another member any more. */
  public void replayLost() {
    Transaction now = delivery.transaction();
    if (now != null) {
      now.replayable = false;
    }
  }

  /** The last octet of the message was handed to the socket. */
  public void committed() {
    if (awaitsCommit()) {
      Transaction now = delivery.transaction();
      if (now != null) {
        now.committed = true;
      }
    }
  }

  /** The client ended its output, and everything before was dealt with (a half close). */
  public void clientEnded() {
    inputEnded = true;
    boolean incomplete = state == ClientState.BODY || state == ClientState.DISCARD || chunkLeft > 0;
    if (incomplete || ledger.isEmpty()) {
      delivery.abandon();
      close(CloseReason.CLIENT_ENDED);
    }
  }

  /** The client is gone: nobody is left to be answered. */
  public void clientLost() {
    clientGone = true;
    ledger.clear();
    parked = null;
    Transaction now = delivery.transaction();
    if (now == null || !now.committed) {
      delivery.abandon();
      close(CloseReason.CLIENT_LOST);
    }
    // Else the member's word is waited for: somebody may ask what became of the message.
  }

  /** The client did not send in time what it had to. */
  public void clientTimeout() {
    quit(Replies.IDLE, CloseReason.CLIENT_TIMEOUT);
  }

  /** The link is to end: at once when no message is under way, else after the one that is. */
  public void shutdown() {
    closeWhenQuiet = true;
    settle();
  }

  /** Something of ours broke. */
  public void bug() {
    quit(Replies.BUG, CloseReason.BUG);
  }

  // ---- what the member does

  /** A connection is there: a new one whose greeting is to come, or a kept one. */
  public void acquired(ServerSide connection) {
    delivery.acquired(connection);
    settle();
  }

  /**
   * There is no member for this message.
   *
   * @param reply what the client is told unless a member has said something itself; 421 also closes
   *     the link
   */
  public void unavailable(Reply reply) {
    delivery.unavailable(reply);
    settle();
  }

  /** The member at hand said something. */
  public void reply(Reply reply) {
    delivery.reply(reply);
    settle();
  }

  /** The connection of the member at hand is lost, by its will or not. */
  public void serverLost(String detail) {
    delivery.lost(Kind.LOST, detail);
    settle();
  }

  /** The member at hand did not answer in time. */
  public void serverTimeout() {
    delivery.lost(Kind.TIMEOUT, "no answer in time");
    settle();
  }

  /** The member at hand sent what is no reply. */
  public void serverMalformed(String detail) {
    delivery.lost(Kind.MALFORMED, detail);
    settle();
  }

  // ---- what the delivery reports

  boolean isClientThere() {
    return !clientGone && !inputEnded;
  }

  boolean isClientGone() {
    return clientGone;
  }

  boolean isQuiet() {
    return ledger.isEmpty();
  }

  void fill(long slot, Reply reply) {
    if (!clientGone) {
      ledger.fill(slot, reply);
    }
  }

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
    end(now, reply);
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
    end(now, reply);
    ledger.fillAll(reply, doom);
    if (reply.code() == 421) {
      close(CloseReason.UNAVAILABLE);
    }
  }

  /** The transaction is over without a message; a client in the midst of it hears 451. */
  private void end(Transaction now, Reply reply) {
    doom = Replies.brief(Replies.temporary(reply));
    boolean whole = now.complete || (now.chunk != null && now.chunk.last());
    become(whole ? ClientState.READY : ClientState.DOOMED);
  }

  // ---- the end

  private void settle() {
    while (parked != null && ledger.isEmpty() && state != ClientState.CLOSED) {
      Command next = parked;
      parked = null;
      run(next);
    }
    if (state == ClientState.CLOSED || !ledger.isEmpty()) {
      return;
    }
    if (clientGone && delivery.transaction() == null) {
      close(CloseReason.CLIENT_LOST);
    } else if (inputEnded) {
      delivery.abandon();
      close(CloseReason.CLIENT_ENDED);
    } else if (closeWhenQuiet && isBetweenMessages()) {
      quit(Replies.SHUTDOWN, CloseReason.SHUTDOWN);
    }
  }

  private boolean isBetweenMessages() {
    return (state == ClientState.READY || state == ClientState.DOOMED) && chunkLeft == 0;
  }

  private void quit(Reply last, CloseReason why) {
    if (state != ClientState.CLOSED) {
      delivery.abandon();
      ledger.clear();
      ledger.answer(last);
      close(why);
    }
  }

  private void close(CloseReason why) {
    if (state != ClientState.CLOSED) {
      become(ClientState.CLOSED);
      parked = null;
      chunkLeft = 0;
      outlet.close(why);
    }
  }

  private void say(Reply reply) {
    if (!clientGone) {
      outlet.toClient(reply);
    }
  }

  private void become(ClientState next) {
    if (state == next) {
      return;
    }
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("from " + state + " to " + next);
    }
    state = next;
  }
}
