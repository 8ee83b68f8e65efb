package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.backend.BackendConnection;
import io.posthouse.backend.MemberConnections;
import io.posthouse.balance.Choice;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.model.SmtpSettings.LineEnds;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.Loop;
import io.posthouse.net.TlsFacts;
import io.posthouse.policy.RelayVerdict;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.ClientInput;
import io.posthouse.smtp.session.ClientState;
import io.posthouse.smtp.session.Errand;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Outlet;
import io.posthouse.smtp.session.Phase;
import io.posthouse.smtp.session.Security;
import io.posthouse.smtp.session.ServerSide;
import io.posthouse.smtp.session.SessionEvent;
import io.posthouse.smtp.session.Transaction;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One client link in mode smtp on its channels: it carries the effects of the pure {@link Link} out
 * and tells it what happens.
 *
 * <p>Every event runs between {@link #begin} and {@link #end}. Effects only write; when the
 * outermost event ends, input that may go on is taken, everything written is flushed, deadlines
 * follow what is waited for now, and the client is read again if it is its turn.
 */
final class SmtpLink implements Outlet {
  private final SmtpServer server;
  private final Loop loop;
  private final ClientConnection client;
  private final Admission admission;
  private final LinkRules rules;
  private final Announcement announcement;
  private final Link session;
  private final ClientReader reader;
  private final MemberSearch search;
  private final SessionDeadlines deadlines;
  private final MemberSide member;
  private final MemberTalk talk;
  private final EnvelopeShare envelope;
  private final EdgeGate edge;
  private final long openedNanos;
  private final InetAddress peer;
  private final LinkTrace transcript;
  private SmtpServer.Running running;
  private String trace = "";
  private long messageNanos;
  private int depth;
  private long messages;
  private final boolean assumed;
  private boolean admitted;
  private boolean closing;
  private boolean lingering;
  private boolean closed;
  private @Nullable SmtpEnd end;

  SmtpLink(
      SmtpServer server,
      Loop loop,
      EpollSocketChannel channel,
      ClientIdentity identity,
      ReplayBlocks blocks,
      boolean assumed) {
    this.assumed = assumed;
    this.server = server;
    this.running = server.running();
    this.loop = loop;
    this.client = new ClientConnection(channel, running.tls());
    this.admission = new Admission(identity);
    this.rules = new LinkRules(this, admission);
    this.announcement = new Announcement(admission);
    this.peer = identity.address();
    this.session = new Link(running.hostname(), running.limits(), this);
    this.reader = new ClientReader(this, session, client.alloc(), normalises());
    this.search = new MemberSearch(this, loop, identity.address());
    this.deadlines = new SessionDeadlines(this, session, loop, search);
    this.member = new MemberSide(session, blocks);
    this.talk = new MemberTalk(this, session, member, admission);
    this.envelope = new EnvelopeShare(server.envelopeBudget());
    this.edge = new EdgeGate(this, loop, session, admission);
    this.openedNanos = loop.nanos();
    this.transcript = new LinkTrace(this, server.traces());
  }

  private boolean normalises() {
    return running.settings().smtp().lineEnds() == LineEnds.NORMALISE;
  }

  Loop loop() {
    return loop;
  }

  /** How long its client may take for what. */
  SmtpServer.Patience patience() {
    return running.patience();
  }

  /** Command lines that came so far. */
  long commands() {
    return reader.commands();
  }

  /** Replies of the member at hand so far. */
  long replies() {
    ServerSide at = member.server();
    return at == null ? -1 : at.replies();
  }

  /** Whether a body is held back because the member takes no more of it for now. */
  boolean isBlockedByMember() {
    return member.holdsBody();
  }

  /** Whether the client's next command waits for the edge checks. */
  boolean holdsCommand() {
    return edge.holdsCommand();
  }

  /** Whether no time runs for the client, since we keep it waiting. */
  boolean makesClientWait() {
    return isBlockedByMember() || edge.makesWait();
  }

  /** Tells what happened. */
  void tell(Event event) {
    server.tell(event);
  }

  /** Whether octets of a body can be given to the member at hand. */
  boolean memberTakesMore() {
    return member.takesMore();
  }

  /** Octets of a body moved. */
  void moved() {
    deadlines.moved();
  }

  /** Begins: the channel joins the loop and the client is greeted. */
  void open() {
    client.open(loop, new ClientHandler(this, reader));
    admitted = server.opened(this);
    begin();
    Reply refusal = admitted ? enter() : Admission.TOO_MANY_LINKS;
    boolean encrypted = running.limits().security().tls() == Security.Tls.IMPLICIT;
    boolean greets = true;
    if (refusal != null) {
      if (end == null) {
        end = !admitted ? SmtpEnd.TOO_MANY_LINKS : SmtpEnd.ofClass(refusal);
      }
      if (rules.isSilent() || (admitted && encrypted)) {
        // A word would take a handshake, and no limit of its class holds while it is waited for.
        cut();
        depth--;
        return;
      }
      session.refuse(refusal);
    } else if (running.settings().whenDownInEffect() == WhenDown.REPLY_421
        && !admission.route().pool().view().usable()) {
      end = SmtpEnd.NO_USABLE_MEMBER;
      session.shutdown();
    } else {
      greets = edge.admits(edgeChecks(), encrypted);
    }
    if (greets) {
      session.open();
    }
    end();
  }

  /** An edge check does not let the client in: the last word that it hears. */
  void refuse(Reply reply) {
    if (end == null) {
      end = SmtpEnd.EDGE_CHECK;
    }
    if (session.state() == ClientState.HANDSHAKE) {
      cut(); // A word would take a handshake.
    } else {
      session.refuse(reply);
    }
  }

  /** Whether its client hears nothing more. */
  boolean isOver() {
    return closed;
  }

  /** What is looked at in the client; nothing in one that we only pretend to be. */
  private @Nullable Edge edgeChecks() {
    return assumed ? null : running.edge();
  }

  private @Nullable Reply enter() {
    Reply refusal = admission.enter(running.routes());
    return refusal == null ? rules.connect() : refusal;
  }

  // ---- events

  /** An event begins. */
  void begin() {
    depth++;
  }

  /** An event ends; with the outermost one, what it led to is carried out. */
  void end() {
    if (--depth > 0) {
      return;
    }
    depth++;
    edge.look(reader.octets());
    reader.consume();
    depth--;
    flush();
    Transaction message = session.transaction();
    if (message == null) {
      member.clear(); // An idle link keeps nothing of its last message.
      envelope.clear();
    } else if (message.isComplete()) {
      search.complete();
    }
    if (!closed) {
      deadlines.follow();
      readOn();
    } else if (lingering) {
      client.read();
    }
  }

  private void flush() {
    client.flush();
    member.flush();
    if (closing) {
      closeClient();
    }
  }

  /** Reads the client when it is its turn, nothing is left of what was read, and there is room. */
  void readOn() {
    ClientInput input = session.input();
    boolean wanted =
        edge.makesWait()
            ? edge.listens()
            : input != ClientInput.HELD && input != ClientInput.CLOSED;
    if (wanted
        && !isBlockedByMember()
        && client.takesMore()
        && !reader.hasRest()
        && !member.waitsForMemory(this::clientWritable)) {
      client.read();
    }
  }

  /** The client's handshake is over. */
  void handshakeEnded(boolean well) {
    if (closed) {
      return;
    }
    begin();
    if (well) {
      client.secured();
      transcript.secured();
      announcement.renew();
      session.clientSecured();
    } else {
      session.clientNotSecured();
    }
    end();
  }

  /** The client's channel takes octets again. */
  void clientWritable() {
    begin();
    end();
  }

  /** The client ended its output, and all it sent was taken. */
  void clientEnded() {
    if (closed) {
      client.close(); // It has read what it was told at last.
      return;
    }
    begin();
    session.clientEnded();
    end();
  }

  /** The client's channel is closed or broken. */
  void clientLost() {
    if (closed) {
      return;
    }
    begin();
    reader.clear();
    if (session.state() == ClientState.CLOSED) {
      finishClose();
    } else {
      session.clientLost();
    }
    end();
  }

  /** Something of ours broke. */
  void bug(Throwable cause) {
    server.tell(Event.of(EventKind.BUG, "where", "switching", "cause", cause.toString()));
    depth = 0;
    cut();
  }

  /** Ends it between two messages. */
  void finish() {
    begin();
    session.shutdown();
    end();
  }

  /** Cuts it, whatever it does. */
  void cut() {
    if (end == null) {
      end = SmtpEnd.CUT;
    }
    release(Disposition.CLOSE);
    client.reset();
    finishClose();
  }

  /** Takes the message that a member carries away from it. */
  void cutFrom(MemberConnections from) {
    if (member.cut(from)) {
      talk.serverLost("the member is disabled");
    }
  }

  // ---- the member's connection

  /** A connection was found for the open transaction. */
  void found(BackendConnection connection) {
    begin();
    transcript.found(connection);
    member.take(connection);
    session.acquired(connection.server());
    end();
  }

  /** None was found. */
  void unavailable(Reply reply) {
    begin();
    session.unavailable(reply);
    end();
  }

  /** What whoever follows the client is told. */
  LinkTrace transcript() {
    return transcript;
  }

  /** What is said by the member at hand is told here. */
  MemberTalk talk() {
    return talk;
  }

  /** An event ends, but another follows at once: what it led to waits for that. */
  void endLater() {
    depth--;
  }

  /** A deadline of the member has passed. */
  void serverTimeout() {
    begin();
    session.serverTimeout();
    end();
  }

  /** The client was too slow. */
  void clientTimeout() {
    begin();
    session.clientTimeout();
    end();
  }

  // ---- effects

  @Override
  public void toClient(Reply reply) {
    transcript.told(reply);
    client.say(reply.wire());
  }

  @Override
  public void toServer(Command command) {
    if (command instanceof Command.Mail) {
      talk.mailSent();
    }
    transcript.asked(command);
    member.send(command);
  }

  /** Octets of the body for the member at hand; takes them over. */
  void body(ByteBuf octets) {
    member.body(octets);
  }

  @Override
  public void acquire(Acquisition how, Errand errand) {
    if (how == Acquisition.FIRST || how == Acquisition.PINNED) {
      boolean mayMove = how == Acquisition.FIRST;
      member.begin(mayMove ? admission.route().pool().pool().retry().buffer().octets() : 0);
      envelope.clear();
      trace = "";
      if (errand instanceof Transaction message) {
        messages++;
        edge.begins(message.hello(), running.hostname());
        trace = announcement.trace(message, running.hostname(), client.tlsFacts(), server.now());
      }
      messageNanos = loop.nanos();
    }
    search.find(running, admission.route(), how, errand);
  }

  /** What members are told about the client. */
  Announcement announcement() {
    return announcement;
  }

  /** What a connection to a member begins with; null for nothing. */
  @Nullable ChannelHandler preface() {
    return announcement.preface(client.tlsFacts());
  }

  @Override
  public int traceOctets() {
    return trace.length();
  }

  @Override
  public void trace() {
    member.trace(trace);
  }

  @Override
  public Command.@Nullable XClient told() {
    return announcement.told();
  }

  @Override
  public boolean believesXClient() {
    return running.believed().xclient(peer);
  }

  @Override
  public @Nullable Reply identify(Command.XClient said) {
    Reply refusal = announcement.identify(said);
    search.client(admission.address());
    Reply refused = refusal == null ? rules.connect() : refusal;
    if (refused != null) {
      return refused;
    }
    Reply unwanted = edge.changed(edgeChecks());
    if (unwanted != null && end == null) {
      end = SmtpEnd.EDGE_CHECK;
    }
    return unwanted;
  }

  @Override
  public @Nullable Reply refusal(Command.Hello hello, boolean secured) {
    return rules.hello(hello, secured);
  }

  @Override
  public @Nullable Reply refusal(Command.Mail mail, boolean secured, boolean loggedIn) {
    running = server.running();
    Reply gone = admission.renew(running.routes());
    Reply ruled = gone == null ? rules.mail(mail, loggedIn) : gone;
    Reply refusal = ruled == null ? edge.limits().message() : ruled;
    return refusal != null ? refusal : admission.message(secured, loggedIn, loop.nanos());
  }

  @Override
  public @Nullable Reply refusal(Command.Rcpt recipient, boolean loggedIn) {
    Reply unwanted = edge.refusal(recipient, loggedIn);
    if (unwanted != null) {
      server.tell(SwitchingLog.unwanted(this, session.transaction(), recipient, unwanted));
      return unwanted;
    }
    RelayVerdict verdict = admission.relay(recipient.recipient(), loggedIn);
    if (verdict == null) {
      Transaction message = session.transaction();
      Reply ruled = message == null ? null : rules.recipient(message, recipient, loggedIn);
      return ruled == null ? edge.limits().recipient() : ruled;
    }
    server.tell(SwitchingLog.relayDenied(this, session.transaction(), recipient, verdict));
    return Admission.RELAY_DENIED;
  }

  @Override
  public @Nullable Reply refusalOfBody(Transaction message) {
    return rules.data(message);
  }

  /** A rule ends the link, whatever the last word to its client is. */
  void endedByRule() {
    if (end == null) {
      end = SmtpEnd.RULE;
    }
  }

  @Override
  public void respond(String answer) {
    member.respond(answer);
  }

  @Override
  public void secureClient() {
    client.secure();
  }

  @Override
  public void secureServer() {
    member.secure();
  }

  @Override
  public boolean keepsLogin() {
    BackendConnection at = member.connection();
    return at != null && at.isWelcome(admission.route().pool());
  }

  @Override
  public void release(Disposition how) {
    search.cancel();
    member.release(how);
  }

  @Override
  public void replay(long from, long count) {
    member.replay(from, count);
  }

  @Override
  public boolean inputBehind() {
    return reader.hasMore();
  }

  @Override
  public boolean keeps(Command.Rcpt recipient) {
    return envelope.take(recipient);
  }

  @Override
  public EhloKeywords offer() {
    return admission
        .route()
        .pool()
        .offer(running.limits().maxMessageSize(), running.limits().maxRecipients());
  }

  @Override
  public boolean isPressure(Phase step, Reply reply) {
    return MailEvidence.isPressure(step, reply);
  }

  @Override
  public void emit(SessionEvent event) {
    search.tell(event);
    if (event instanceof SessionEvent.Answered answered) {
      edge.limits().sent(answered.transaction().octets());
    }
    Event line = SwitchingLog.event(this, event);
    if (line != null) {
      server.tell(line);
    }
  }

  @Override
  public void close(CloseReason why) {
    if (end == null) {
      end = SmtpEnd.of(why);
    }
    closing = true;
  }

  private void closeClient() {
    if (closed) {
      return;
    }
    lingering = end != null && end.lingers() && client.isOpen();
    finishClose();
    if (lingering) {
      // A close with octets unread would be a reset, which can destroy our last words.
      client.endOutputWhenTold();
      deadlines.farewell();
      client.read();
    } else if (client.isTold()) {
      client.close();
    } else {
      client.closeWhenTold();
      deadlines.farewell();
    }
  }

  /** What the client's handshake came to; null in plain. */
  @Nullable TlsFacts tlsFacts() {
    return client.tlsFacts();
  }

  /** What the handshake with the member at hand came to; null in plain. */
  @Nullable TlsFacts memberTlsFacts() {
    BackendConnection at = member.connection();
    return at == null ? null : at.tlsFacts();
  }

  /** The link is over for everybody but the last octets on their way to its client. */
  private void finishClose() {
    if (closed) {
      return;
    }
    closed = true;
    transcript.ended(end);
    deadlines.stop();
    reader.clear();
    member.clear();
    envelope.clear();
    search.cancel();
    edge.end();
    announcement.renew();
    if (client.isTold() && !lingering) {
      countOut();
    } else {
      // As long as its client does not read or close, it holds a descriptor, and counts.
      client.whenClosed(this::countOut);
    }
  }

  private void countOut() {
    deadlines.stop();
    admission.leave();
    server.closed(this, end == null ? SmtpEnd.CLIENT_RESET : end);
  }

  Instant now() {
    return server.now();
  }

  // ---- figures

  boolean isAdmitted() {
    return admitted;
  }

  long octetsIn() {
    return reader.octets();
  }

  long octetsOut() {
    return client.octets();
  }

  String serverName() {
    return running.settings().name();
  }

  String clientName() {
    return admission.identity().name();
  }

  InetAddress clientAddress() {
    return admission.address();
  }

  String className() {
    return admission.className();
  }

  boolean linksLogged() {
    return running.linksLogged();
  }

  /** The member chosen last; null before the first. */
  @Nullable Choice<MemberConnections> choice() {
    return search.choice();
  }

  /** How many members were asked for the message at hand. */
  int tries() {
    return search.tries();
  }

  /** How long the message at hand has taken so far. */
  long messageMillis() {
    return (loop.nanos() - messageNanos) / 1_000_000;
  }

  /** Messages that were begun. */
  long messages() {
    return messages;
  }

  /** How long it has lived. */
  long openMillis() {
    return (loop.nanos() - openedNanos) / 1_000_000;
  }
}
