package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Parsed;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Failure.Kind;
import io.posthouse.smtp.session.Outlet.CloseReason;
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
 * <p>What is told here goes to one of four: {@link ClientCommands} for what the client asks, {@link
 * Delivery} for the way of its message, {@link MemberReplies} and {@link FailurePolicy} for what
 * the member says and where it fails. {@link ClientSide} holds what the client is told.
 */
public final class Link {
  private final String hostname;
  private final Outlet outlet;
  private final boolean encrypted;
  private final ClientSide client;
  private final Delivery delivery;
  private final FailurePolicy failures;
  private final MemberReplies replies;
  private final Tolerance tolerance;
  private final ClientCommands commands;
  private boolean closeWhenQuiet;
  private Reply lastWord = Replies.SHUTDOWN;
  private CloseReason lastReason = CloseReason.SHUTDOWN;

  /**
   * A link whose client has just connected.
   *
   * @param hostname our own name, told in greetings
   * @param outlet who carries out what is to be done
   * @param verdicts who else may refuse what the client asks
   */
  public Link(String hostname, SessionLimits limits, Outlet outlet, Verdicts verdicts) {
    this.hostname = hostname;
    this.outlet = outlet;
    this.encrypted = limits.security().tls() == Security.Tls.IMPLICIT;
    this.client = new ClientSide(outlet, encrypted);
    this.delivery = new Delivery(client, outlet);
    this.failures = delivery.failures();
    this.replies = new MemberReplies(delivery, client, outlet);
    this.commands = new ClientCommands(hostname, limits, client, delivery, outlet, verdicts);
    this.tolerance = commands.tolerance();
  }

  /**
   * Greets the client (RFC 5321 section 3.1), or begins TLS where it comes first. One that was shut
   * down before gets its last word in place of a greeting.
   */
  public void open() {
    if (encrypted) {
      outlet.secureClient();
    } else if (!closeWhenQuiet) {
      greet();
    }
  }

  private void greet() {
    client.say(Replies.greeting(hostname));
  }

  // ---- what the caller asks

  /** What the client's next octets are. */
  public ClientInput input() {
    ClientState state = client.state();
    if (state == ClientState.CLOSED) {
      return ClientInput.CLOSED;
    }
    if (client.chunkLeft() > 0) {
      boolean taken = state != ClientState.BODY || delivery.takesBody();
      return taken ? ClientInput.CHUNK : ClientInput.HELD;
    }
    return switch (state) {
      case HANDSHAKE -> ClientInput.HANDSHAKE;
      case AUTH -> client.isAnswered() ? ClientInput.RESPONSE : ClientInput.HELD;
      case READY, ENVELOPE, DOOMED ->
          commands.isParked() || client.isFull() ? ClientInput.HELD : ClientInput.COMMAND;
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
    return client.state() == ClientState.BODY;
  }

  /** Octets of the current chunk that are still to come. */
  public long chunkOctetsLeft() {
    return client.chunkLeft();
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
    return client.state();
  }

  /** What the client is waited for; null when it is not its turn. */
  public @Nullable Phase clientPhase() {
    return switch (input()) {
      case COMMAND -> client.isAnswered() ? Phase.COMMAND : null;
      case RESPONSE -> Phase.COMMAND;
      case HANDSHAKE -> Phase.TLS;
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
      case UNCOUNTED -> tolerance.quit(refused.reply(), CloseReason.OUT_OF_STEP);
      case SYNTAX, UNKNOWN_COMMAND, PRIVATE_VERB -> {
        commands.swallow(refused.octets());
        tolerance.error(refused.reply());
      }
    }
  }

  /** Octets of another protocol, such as HTTP or TLS: nothing that follows can be trusted. */
  public void notSmtp() {
    tolerance.quit(Replies.NOT_SMTP, CloseReason.NOT_SMTP);
  }

  /** Whether what comes next may be AUTH or part of it, whose lines may be long. */
  public boolean mayLogIn() {
    return client.state() == ClientState.AUTH || commands.offersAuth();
  }

  /** A line that is longer than any command. */
  public void lineTooLong() {
    if (client.state() == ClientState.AUTH) {
      commands.response("*");
      return;
    }
    tolerance.error(Replies.LINE_TOO_LONG);
  }

  /** A line without an end. */
  public void flood() {
    tolerance.quit(Replies.LINE_TOO_LONG, CloseReason.LINE_TOO_LONG);
  }

  /** A command line, or a line of the body, that does not end in CR LF. */
  public void bareLineEnd() {
    tolerance.quit(Replies.BARE_LINE_END, CloseReason.BARE_LINE_END);
  }

  /** A command. */
  public void command(Command command) {
    commands.command(command);
  }

  /**
   * A line that answers a challenge of AUTH, without its line end. It may hold a password: it is
   * passed on, and kept nowhere.
   */
  public void response(String answer) {
    commands.response(answer);
  }

  /** The client's handshake is done. */
  public void clientSecured() {
    if (client.state() != ClientState.HANDSHAKE) {
      return;
    }
    commands.secured();
    if (encrypted && !closeWhenQuiet) {
      greet();
    }
    settle();
  }

  /** The client's handshake failed: there is nothing to say, and nobody to say it to. */
  public void clientNotSecured() {
    abandon(CloseReason.NO_TLS);
  }

  /**
   * Octets of the body, or of a chunk, were taken from the client: handed to the member when {@link
   * #forwardsBody}, else thrown away.
   */
  public void bodyOctets(long count) {
    if (client.chunkLeft() > 0) {
      client.chunkLeft(client.chunkLeft() - count);
    }
    Transaction now = delivery.transaction();
    if (client.state() != ClientState.BODY || now == null) {
      return;
    }
    now.octets += count;
    commands.bodyGrown(now);
    if (client.chunkLeft() == 0) {
      commands.chunkComplete(now);
    }
  }

  /** The octets told last ended the body of DATA. */
  public void endOfData() {
    Transaction now = delivery.transaction();
    if (client.state() == ClientState.DISCARD) {
      client.become(ClientState.READY);
      client.answerDoomed();
      settle();
      return;
    }
    if (client.state() != ClientState.BODY || now == null) {
      throw new IllegalStateException("end of data in " + client.state());
    }
    now.complete = true;
    now.bodySlot = client.open();
    client.become(ClientState.FINAL_REPLY);
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
    client.inputEnded();
    ClientState state = client.state();
    boolean inBody = state == ClientState.BODY || state == ClientState.DISCARD;
    if (inBody || client.chunkLeft() > 0 || client.isAnswered()) {
      abandon(CloseReason.CLIENT_ENDED);
    }
  }

  /** The client is gone: nobody is left to be answered. */
  public void clientLost() {
    client.lost();
    commands.forget();
    Transaction now = delivery.transaction();
    if (now == null || !now.committed) {
      abandon(CloseReason.CLIENT_LOST);
    }
    // Else the member's word is waited for: somebody may ask what became of the message.
  }

  /** The client did not send in time what it had to. */
  public void clientTimeout() {
    tolerance.quit(Replies.IDLE, CloseReason.CLIENT_TIMEOUT);
  }

  /** The link is to end: at once when no message is under way, else after the one that is. */
  public void shutdown() {
    closeWhenQuiet = true;
    settle();
  }

  /** The client is not let in, or no longer: the last word that it hears in place of others. */
  public void refuse(Reply reply) {
    lastWord = reply;
    lastReason = CloseReason.REFUSED;
    shutdown();
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
    failures.unavailable(reply);
    settle();
  }

  /** The member at hand said something. */
  public void reply(Reply reply) {
    replies.reply(reply);
    settle();
  }

  /** The connection of the member at hand is lost, by its will or not. */
  public void serverLost(String detail) {
    failures.lost(Kind.LOST, detail);
    settle();
  }

  /** The member at hand did not answer in time. */
  public void serverTimeout() {
    failures.lost(Kind.TIMEOUT, "no answer in time");
    settle();
  }

  /** The member at hand sent what is no reply. */
  public void serverMalformed(String detail) {
    failures.lost(Kind.MALFORMED, detail);
    settle();
  }

  /** The handshake with the member at hand is done. */
  public void serverSecured() {
    replies.secured();
    settle();
  }

  /**
   * The handshake with the member at hand failed, or its certificate is not its own.
   *
   * @param detail why, for people
   */
  public void serverNotSecured(String detail) {
    failures.lost(Kind.TLS, detail);
    settle();
  }

  /** The open errand; null for none. */
  public @Nullable Errand errand() {
    return delivery.errand();
  }

  // ---- the end

  /** Does what could not be done while answers were due. */
  private void settle() {
    commands.goOn();
    if (client.isClosed() || !client.isAnswered()) {
      return;
    }
    if (client.isGone() && delivery.errand() == null) {
      abandon(CloseReason.CLIENT_LOST);
    } else if (client.hasEnded()) {
      abandon(CloseReason.CLIENT_ENDED);
    } else if (closeWhenQuiet && isBetweenMessages()) {
      tolerance.quit(lastWord, lastReason);
    }
  }

  private boolean isBetweenMessages() {
    ClientState state = client.state();
    return (state == ClientState.READY || state == ClientState.DOOMED) && client.chunkLeft() == 0;
  }

  private void abandon(CloseReason why) {
    delivery.leave();
    client.close(why);
  }
}
