package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Outlet.CloseReason;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each command of a client does in each state: refused with a reply of ours, answered here, or
 * handed to the {@link Delivery}.
 *
 * <p>Commands are of two sorts. RCPT, DATA and those answered here may follow each other without
 * waiting (RFC 2920). All others are parked until everything before them was answered.
 */
final class ClientCommands {
  /** Octets of the dot and its line end, which are not part of a message. */
  private static final int END_OF_DATA = 3;

  private final String hostname;
  private final SessionLimits limits;
  private final ClientSide client;
  private final Delivery delivery;
  private final Outlet outlet;
  private final Verdicts verdicts;
  private final Tolerance tolerance;
  private final Introduction introduction;
  private @Nullable Command parked;

  ClientCommands(
      String hostname,
      SessionLimits limits,
      ClientSide client,
      Delivery delivery,
      Outlet outlet,
      Verdicts verdicts) {
    this.hostname = hostname;
    this.limits = limits;
    this.client = client;
    this.delivery = delivery;
    this.outlet = outlet;
    this.verdicts = verdicts;
    this.tolerance = new Tolerance(limits, client, delivery);
    this.introduction = new Introduction(limits.security(), verdicts);
  }

  /** How much the client may still get wrong. */
  Tolerance tolerance() {
    return tolerance;
  }

  /** Whether a command waits for its turn. */
  boolean isParked() {
    return parked != null;
  }

  void command(Command command) {
    if (!goesOn(command) && !client.isAnswered()) {
      parked = command;
    } else {
      run(command);
    }
  }

  /** Whether a command may be run while answers to earlier ones are still to come. */
  private static boolean goesOn(Command command) {
    return switch (command) {
      case Command.Rcpt _, Command.Data _, Command.Noop _, Command.Help _ -> true;
      case Command.Vrfy _, Command.Expn _ -> true;
      case Command.Hello _, Command.Mail _, Command.Bdat _, Command.Rset _, Command.Quit _ -> false;
      case Command.Auth _, Command.StartTls _, Command.XClient _ -> false;
    };
  }

  /** The client is gone: what waits is for nobody. */
  void forget() {
    parked = null;
  }

  /** Runs the command that waits, if its turn has come. */
  void goOn() {
    while (parked != null && client.isAnswered() && !client.isClosed()) {
      Command next = parked;
      parked = null;
      run(next);
    }
  }

  private void run(Command command) {
    if (limits.security().tls() == Security.Tls.REQUIRED
        && !client.isSecured()
        && !isForPlain(command)) {
      if (command instanceof Command.Bdat chunk) {
        client.chunkLeft(chunk.size());
      }
      tolerance.error(Replies.TLS_FIRST);
      return;
    }
    switch (command) {
      case Command.Hello greeting -> hello(greeting);
      case Command.Mail mail -> mail(mail);
      case Command.Rcpt rcpt -> rcpt(rcpt);
      case Command.Data _ -> data();
      case Command.Bdat bdat -> bdat(bdat);
      case Command.Rset _ -> rset();
      case Command.Quit _ -> tolerance.quit(Reply.of(221, "2.0.0 Bye"), CloseReason.QUIT);
      case Command.Noop _ -> tolerance.idle(Replies.OK);
      case Command.Help _ -> tolerance.idle(Replies.HELP);
      case Command.Vrfy _ -> tolerance.idle(Replies.CANNOT_VERIFY);
      case Command.Expn _ -> tolerance.error(Replies.NOT_IMPLEMENTED);
      case Command.StartTls _ -> startTls();
      case Command.Auth auth -> auth(auth);
      case Command.XClient said -> xclient(said);
    }
  }

  /** What a client may say before the TLS that it must use (RFC 3207 section 4). */
  private static boolean isForPlain(Command command) {
    return switch (command) {
      case Command.Hello _, Command.StartTls _, Command.Noop _, Command.Quit _ -> true;
      case Command.Rset _, Command.Help _, Command.XClient _ -> true;
      case Command.Mail _, Command.Rcpt _, Command.Data _, Command.Bdat _ -> false;
      case Command.Vrfy _, Command.Expn _, Command.Auth _ -> false;
    };
  }

  private void startTls() {
    if (client.isSecured()) {
      // No client says it twice: somebody else speaks, or it lost its place.
      tolerance.quit(Replies.TLS_IN_USE, CloseReason.OUT_OF_STEP);
    } else if (!limits.security().offersTls()) {
      tolerance.error(Replies.NOT_OFFERED);
    } else if (client.state() != ClientState.READY) {
      tolerance.error(Replies.NOT_IN_TRANSACTION);
    } else if (outlet.inputBehind()) {
      // Whoever put it there wants it taken for what the client says inside TLS (CVE-2011-0411).
      tolerance.quit(Replies.BEHIND_STARTTLS, CloseReason.PLAIN_BEHIND_STARTTLS);
    } else {
      delivery.leave();
      client.answer(Replies.START_TLS);
      client.become(ClientState.HANDSHAKE);
      outlet.secureClient();
    }
  }

  /** TLS with the client has begun: what it said before counts no more (RFC 3207 section 4.2). */
  void secured() {
    introduction.forget();
    client.secured();
  }

  /** A peer says that it speaks for another: if it is believed, all begins anew for that one. */
  private void xclient(Command.XClient said) {
    if (!verdicts.believesXClient()) {
      outlet.emit(new SessionEvent.NotBelieved(said));
      tolerance.error(Replies.NOT_BELIEVED);
    } else if (client.state() != ClientState.READY || delivery.isPinned()) {
      tolerance.error(Replies.NOT_IN_TRANSACTION);
    } else if (outlet.inputBehind()) {
      tolerance.quit(Replies.BEHIND_XCLIENT, CloseReason.OUT_OF_STEP);
    } else {
      delivery.leave();
      Reply refusal = verdicts.identify(said);
      if (refusal == null) {
        introduction.forget();
        client.answer(Replies.greeting(hostname));
      } else if (refusal.code() == 421 || refusal.code() == 554) {
        tolerance.quit(refusal, CloseReason.REFUSED);
      } else {
        tolerance.error(refusal);
      }
    }
  }

  private void auth(Command.Auth auth) {
    Command.Hello from = introduction.hello();
    if (from == null) {
      tolerance.error(Replies.HELLO_FIRST);
    } else if (client.state() != ClientState.READY) {
      tolerance.error(Replies.NOT_IN_TRANSACTION);
    } else if (delivery.isPinned() || delivery.isLoginLost()) {
      tolerance.error(Replies.LOGGED_IN);
    } else if (!introduction.offered().has("AUTH")) {
      boolean later = limits.security().offersAuth(true) && !client.isSecured();
      tolerance.error(later ? Replies.NEEDS_TLS : Replies.NOT_OFFERED);
    } else if (!Mechanisms.of(introduction.offered()).contains(auth.mechanism())) {
      tolerance.error(Replies.NO_MECHANISM);
    } else if (!tolerance.isUsedUp()) {
      client.become(ClientState.AUTH);
      delivery.begin(new Login(from, auth, client.open()));
    }
  }

  boolean offersAuth() {
    return introduction.offered().has("AUTH");
  }

  /**
   * The client answers a challenge; what cannot be base64 ends the exchange (RFC 4954 section 4).
   */
  void response(String answer) {
    if (delivery.errand() instanceof Login login) {
      login.slot = client.open();
      delivery.respond(Command.Auth.isBase64(answer) ? answer : "*");
    } else {
      client.answersNobody();
    }
  }

  private void hello(Command.Hello greeting) {
    beginAnew();
    Reply refusal = verdicts.hello(greeting, client.isSecured());
    if (refusal != null) {
      introduction.forget();
      tolerance.refuse(refusal);
      return;
    }
    if (greeting.extended()) {
      introduction.begin(greeting, outlet.offer(), client.isSecured());
      tolerance.idle(Replies.hello(hostname, introduction.offered().lines()));
    } else {
      introduction.begin(greeting);
      tolerance.idle(Reply.of(250, hostname));
    }
  }

  private void beginAnew() {
    delivery.abandon();
    client.become(ClientState.READY);
  }

  private void mail(Command.Mail mail) {
    Command.Hello from = introduction.hello();
    if (from == null) {
      tolerance.error(Replies.HELLO_FIRST);
    } else if (client.state() == ClientState.ENVELOPE) {
      tolerance.error(Replies.NESTED_MAIL);
    } else if (!introduction.offers(mail.requires())) {
      tolerance.error(Replies.UNKNOWN_PARAMETER);
    } else if (isTooBig(mail.declaredSize())) {
      tolerance.error(Replies.TOO_BIG);
    } else if (delivery.isLoginLost()) {
      tolerance.quit(Replies.LOGIN_LOST, CloseReason.UNAVAILABLE);
    } else {
      Reply refusal = verdicts.mail(mail, client.isSecured(), delivery.isPinned());
      if (refusal != null) {
        tolerance.refuse(refusal);
        return;
      } else if (delivery.isPinned() && !outlet.keepsLogin()) {
        tolerance.quit(Replies.LOGIN_LOST, CloseReason.UNAVAILABLE);
        return;
      }
      client.become(ClientState.ENVELOPE);
      Transaction message = new Transaction(from, mail, client.open());
      message.pinned = delivery.isPinned();
      delivery.begin(message);
    }
  }

  private void rcpt(Command.Rcpt rcpt) {
    Transaction now = delivery.transaction();
    if (client.state() == ClientState.DOOMED) {
      client.answerDoomed();
    } else if (client.state() != ClientState.ENVELOPE || now == null) {
      tolerance.error(Replies.MAIL_FIRST);
    } else if (now.chunked) {
      tolerance.error(Replies.CHUNKS_BEGUN);
    } else if (!introduction.offers(rcpt.requires())) {
      tolerance.error(Replies.UNKNOWN_PARAMETER);
    } else if (!rcpt.isAscii() && !now.mail().isUtf8()) {
      tolerance.error(Replies.NEEDS_UTF8);
    } else if (now.recipients().size() >= limits.maxRecipients() || !outlet.keeps(rcpt)) {
      client.answer(Replies.TOO_MANY_RECIPIENTS);
    } else {
      Reply refusal = verdicts.recipient(now, rcpt, delivery.isPinned());
      if (refusal != null) {
        now.recipientRefused = true;
        tolerance.refuse(refusal);
        return;
      }
      now.add(new Recipient(rcpt, client.open()));
      delivery.more();
    }
  }

  private void data() {
    Transaction now = delivery.transaction();
    if (outlet.inputBehind()) {
      // What stands behind DATA was sent before 354; taken as commands it could be mail (RFC 2920).
      tolerance.quit(Replies.TOO_EARLY, CloseReason.OUT_OF_STEP);
    } else if (client.state() == ClientState.DOOMED) {
      client.answerDoomed();
    } else if (client.state() != ClientState.ENVELOPE || now == null) {
      tolerance.error(Replies.MAIL_FIRST);
    } else if (now.chunkMissing) {
      tolerance.error(Replies.CHUNK_MISSING);
    } else if (now.chunked) {
      tolerance.error(Replies.CHUNKS_BEGUN);
    } else if (now.recipients().isEmpty()) {
      tolerance.error(now.recipientRefused ? Replies.NO_RECIPIENTS : Replies.RCPT_FIRST);
    } else if (now.mail().requires().contains("BINARYMIME")) {
      tolerance.error(Replies.BINARY_NEEDS_CHUNKS);
    } else {
      Reply refusal = verdicts.body(now);
      if (refusal != null) {
        tolerance.refuse(refusal);
        return;
      }
      now.dataRequested = true;
      now.bodySlot = client.open();
      client.become(ClientState.DATA_REQUESTED);
      delivery.more();
    }
  }

  private void bdat(Command.Bdat chunk) {
    Transaction now = delivery.transaction();
    client.chunkLeft(chunk.size());
    if (client.state() == ClientState.DOOMED) {
      client.answerDoomed();
    } else if (!introduction.offered().has("CHUNKING")) {
      tolerance.error(Replies.NOT_OFFERED);
    } else if (client.state() != ClientState.ENVELOPE || now == null) {
      tolerance.error(Replies.MAIL_FIRST);
    } else if (now.chunkMissing) {
      refuseChunk(now, chunk, Replies.CHUNK_MISSING);
    } else if (now.accepted() == 0) {
      boolean none = now.recipients().isEmpty() && !now.recipientRefused;
      refuseChunk(now, chunk, none ? Replies.RCPT_FIRST : Replies.NO_RECIPIENTS);
    } else if (isTooBig(now.octets + chunk.size())) {
      refuseChunk(now, chunk, Replies.TOO_BIG);
    } else {
      Reply refusal = now.chunked ? null : verdicts.body(now);
      if (refusal != null) {
        refuseChunk(now, chunk, refusal);
      } else {
        beginChunk(now, chunk);
      }
    }
  }

  private boolean isTooBig(long octets) {
    return limits.maxMessageSize() > 0 && octets > limits.maxMessageSize();
  }

  /** A body of DATA that is larger than any may be goes nowhere; its client hears so at its end. */
  void bodyGrown(Transaction now) {
    if (now.chunk == null && isTooBig(now.octets - END_OF_DATA)) {
      delivery.abandon();
      client.bodyFailed(Replies.TOO_BIG);
    }
  }

  private void beginChunk(Transaction now, Command.Bdat chunk) {
    now.require(Set.of("CHUNKING"));
    now.chunked = true;
    now.chunk = chunk;
    now.bodySlot = client.open();
    client.become(ClientState.BODY);
    if (chunk.size() == 0) {
      chunkComplete(now);
    }
    delivery.more();
  }

  /** All octets of the chunk at hand have come. */
  void chunkComplete(Transaction now) {
    if (now.chunk != null && now.chunk.last()) {
      now.complete = true;
      client.become(ClientState.FINAL_REPLY);
    }
  }

  /** A chunk that nothing can be done with; its last one ends the transaction all the same. */
  private void refuseChunk(Transaction now, Command.Bdat chunk, Reply reply) {
    now.chunkMissing = true;
    if (chunk.last()) {
      beginAnew();
    }
    tolerance.refuse(reply);
  }

  /** Octets of a chunk come that cannot be used: without them the message has a hole. */
  void swallow(long octets) {
    Transaction now = delivery.transaction();
    client.chunkLeft(octets);
    if (octets > 0 && now != null) {
      now.chunkMissing = true;
    }
  }

  private void rset() {
    beginAnew();
    tolerance.idle(Replies.OK);
  }
}
