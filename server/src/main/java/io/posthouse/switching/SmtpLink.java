package io.posthouse.switching;

import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.backend.BackendConnection;
import io.posthouse.model.SmtpSettings.LineEnds;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.Loop;
import io.posthouse.net.TlsFacts;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.ClientInput;
import io.posthouse.smtp.session.ClientState;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Outlet.Disposition;
import io.posthouse.smtp.session.Security;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One client link in mode smtp on its channels: it tells the pure {@link Link} what happens. What
 * comes of it is carried out by {@link LinkOutlet}; who may refuse what stands in {@link
 * LinkVerdicts}, how it ends in {@link LinkEnding}.
 *
 * <p>Every event runs between {@link #begin} and {@link #end}. Effects only write; when the
 * outermost event ends, input that may go on is taken, everything written is flushed, deadlines
 * follow what is waited for now, and the client is read again if it is its turn.
 */
final class SmtpLink {
  private final SmtpServer server;
  private final Loop loop;
  private final ClientConnection client;
  private final Announcement announcement;
  private final LinkTrace transcript;
  private final SwitchingLog log;
  private final EdgeGate edge;
  private final LinkVerdicts verdicts;
  private final LinkOutlet outlet;
  private final Admission admission;
  private final Link session;
  private final MemberSide member;
  private final ClientReader reader;
  private final SessionDeadlines deadlines;
  private final LinkEnding ending;
  private final boolean assumed;
  private final long openedNanos;
  private SmtpServer.Running running;
  private int depth;
  private boolean admitted;

  /**
   * A link whose client has just connected.
   *
   * @param assumed whether the client is one that we only pretend to be
   */
  SmtpLink(
      SmtpServer server,
      Loop loop,
      EpollSocketChannel channel,
      ClientIdentity identity,
      SmtpServer.OfLoop shared,
      boolean assumed) {
    this.server = server;
    this.loop = loop;
    this.assumed = assumed;
    this.running = server.running();
    this.client = new ClientConnection(channel, running.tls());
    this.admission = new Admission(identity);
    this.announcement = new Announcement(admission);
    this.transcript = new LinkTrace(admission, server.traces());
    this.log = new SwitchingLog(this, server, admission);
    this.edge = new EdgeGate(this, loop, admission);
    this.verdicts = new LinkVerdicts(this, admission, announcement, edge);
    this.outlet =
        new LinkOutlet(this, client, admission, edge, verdicts, shared, server.envelopeBudget());
    this.session = outlet.session();
    this.member = outlet.member();
    boolean normalises = running.settings().smtp().lineEnds() == LineEnds.NORMALISE;
    this.reader = new ClientReader(this, session, member, client.alloc(), normalises);
    this.deadlines = new SessionDeadlines(this, session, loop, outlet.search(), member);
    this.ending = new LinkEnding(this, server, client, admission, deadlines);
    this.openedNanos = loop.nanos();
  }

  // ---- its parts, for each other

  Loop loop() {
    return loop;
  }

  /** The settings that it goes by: those of its begin, and from its last message on of that. */
  SmtpServer.Running running() {
    return running;
  }

  /** Takes the settings of this moment. */
  SmtpServer.Running renew() {
    running = server.running();
    return running;
  }

  /** What whoever follows the client is told. */
  LinkTrace transcript() {
    return transcript;
  }

  /** What the log says of it. */
  SwitchingLog log() {
    return log;
  }

  /** What members are told about the client. */
  Announcement announcement() {
    return announcement;
  }

  /** The errand at hand. */
  LinkOutlet outlet() {
    return outlet;
  }

  /** How it ends. */
  LinkEnding ending() {
    return ending;
  }

  /** The time of day. */
  Instant now() {
    return server.now();
  }

  /** What is looked at in the client; nothing in one that we only pretend to be. */
  @Nullable Edge edgeChecks() {
    return assumed ? null : running.edge();
  }

  // ---- its begin

  /** Begins: the channel joins the loop and the client is greeted. */
  void open() {
    client.open(loop, new ClientHandler(this, reader));
    admitted = server.opened(this);
    begin();
    boolean encrypted = running.limits().security().tls() == Security.Tls.IMPLICIT;
    boolean greets = true;
    Reply refusal = verdicts.connect(admitted);
    if (refusal != null) {
      if (verdicts.areSilent() || (admitted && encrypted)) {
        // A word would take a handshake, and no limit of its class holds while it is waited for.
        cut();
        depth--;
        return;
      }
      session.refuse(refusal);
    } else if (running.settings().whenDownInEffect() == WhenDown.REPLY_421
        && !admission.route().pool().view().usable()) {
      ending.because(SmtpEnd.NO_USABLE_MEMBER);
      session.shutdown();
    } else if (!verdicts.believesXClient()) { // Else those are looked at for whom it speaks.
      greets = edge.admits(edgeChecks(), encrypted);
    }
    if (greets) {
      session.open();
    }
    end();
  }

  /** Edge checks have kept the client waiting until now. */
  void greet() {
    if (!ending.isOver()) {
      session.open();
    }
  }

  /** An edge check does not let the client in: the last word that it hears. */
  void refuse(Reply reply) {
    ending.because(SmtpEnd.EDGE_CHECK);
    if (session.state() == ClientState.HANDSHAKE) {
      cut(); // A word would take a handshake.
    } else {
      session.refuse(reply);
    }
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
    client.flush();
    member.flush();
    ending.settle();
    outlet.settle();
    if (!ending.isOver()) {
      deadlines.follow();
      readOn();
    } else if (ending.lingers()) {
      client.read();
    }
  }

  /** An event ends, but another follows at once: what it led to waits for that. */
  void endLater() {
    depth--;
  }

  /** Reads the client when it is its turn, nothing is left of what was read, and there is room. */
  private void readOn() {
    ClientInput input = session.input();
    boolean wanted =
        edge.makesWait()
            ? edge.listens()
            : input != ClientInput.HELD && input != ClientInput.CLOSED;
    if (wanted
        && !member.holdsBody()
        && client.takesMore()
        && !reader.hasRest()
        && !member.waitsForMemory(this::clientWritable)) {
      client.read();
    }
  }

  /** TLS begins with the client: what it has said before is for TLS to read, and not for us. */
  void secureClient() {
    client.secure(reader.giveAway(), reader.hasEnded());
  }

  /** The client's handshake is over. */
  void handshakeEnded(boolean well) {
    if (ending.isOver()) {
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
    if (ending.isOver()) {
      client.close(); // It has read what it was told at last.
      return;
    }
    begin();
    session.clientEnded();
    end();
  }

  /** The client's channel is closed or broken. */
  void clientLost() {
    if (ending.isOver()) {
      return;
    }
    begin();
    reader.clear();
    if (session.state() == ClientState.CLOSED) {
      ending.over();
    } else {
      session.clientLost();
    }
    end();
  }

  /** The client was too slow. */
  void clientTimeout() {
    begin();
    session.clientTimeout();
    end();
  }

  /** A connection was found for the open errand. */
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

  /** A deadline of the member has passed. */
  void serverTimeout() {
    begin();
    session.serverTimeout();
    end();
  }

  /**
   * Runs what comes back to it otherwise than through a channel's handler: from a deadline, DNS,
   * the search for a member, another thread. An error of ours in it ends this link, as one in a
   * handler does.
   */
  void guard(Runnable step) {
    if (depth > 0) {
      step.run(); // Within an event: whoever began that is guarded.
      return;
    }
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      bug(e);
    }
  }

  /** Something of ours broke. */
  void bug(Throwable cause) {
    log.bug(cause);
    ending.because(SmtpEnd.BUG);
    depth = 0;
    cut();
  }

  // ---- its end

  /** Ends it between two messages. */
  void finish() {
    begin();
    session.shutdown();
    end();
  }

  /** Cuts it, whatever it does. */
  void cut() {
    ending.because(SmtpEnd.CUT);
    outlet.release(Disposition.CLOSE);
    client.reset();
    ending.over();
  }

  /** It is over for everybody but the last octets on their way to its client. */
  void letGo() {
    transcript.ended(ending.why());
    deadlines.stop();
    reader.clear();
    outlet.letGo();
    edge.end();
    announcement.renew();
  }

  // ---- what is known of its client

  /** Whether more of its octets have come behind the command that was told last. */
  boolean hasInputBehind() {
    return reader.hasMore();
  }

  /** Whether its next command waits for the edge checks. */
  boolean holdsCommand() {
    return edge.holdsCommand();
  }

  /** Whether no time runs for it, since we keep it waiting. */
  boolean makesClientWait() {
    return member.holdsBody() || edge.makesWait();
  }

  /** Octets of a body moved. */
  void moved() {
    deadlines.moved();
  }

  /** Command lines that came so far. */
  long commands() {
    return reader.commands();
  }

  boolean isAdmitted() {
    return admitted;
  }

  long octetsIn() {
    return reader.octets();
  }

  long octetsOut() {
    return client.octets();
  }

  /** What its handshake came to; null in plain. */
  @Nullable TlsFacts tlsFacts() {
    return client.tlsFacts();
  }

  /** How long it has been there. */
  long openMillis() {
    return (loop.nanos() - openedNanos) / 1_000_000;
  }
}
