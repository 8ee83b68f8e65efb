package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import io.posthouse.backend.BackendConnection;
import io.posthouse.backend.MemberConnections;
import io.posthouse.net.Loops;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Outlet.Disposition;
import io.posthouse.smtp.session.ServerSide;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A link's connection to a member, when it has one: what is written to it, and what could be
 * written again to another.
 */
final class MemberSide {
  private final Link session;
  private final ReplayBuffer replay;
  private final Executor guard;
  private @Nullable BackendConnection connection;
  private @Nullable Outgoing out;
  private boolean commitAsked;
  private boolean roomAsked;

  /**
   * One without a connection.
   *
   * @param guard runs at once whatever comes back to the link
   */
  MemberSide(Link session, ReplayBlocks blocks, Executor guard) {
    this.session = session;
    this.replay = new ReplayBuffer(blocks);
    this.guard = guard;
  }

  /** A message begins, of whose octets at most so many are kept. */
  void begin(long most) {
    replay.begin(most);
  }

  /** Takes a connection that was found. */
  void take(BackendConnection found) {
    connection = found;
    out = new Outgoing(found.channel());
    commitAsked = false;
    roomAsked = false;
    found.member().messageBegins();
  }

  /** The member at hand; null for none. */
  @Nullable MemberConnections member() {
    BackendConnection now = connection;
    return now == null ? null : now.member();
  }

  /** What is known of the conversation with it; null when there is none. */
  @Nullable ServerSide server() {
    BackendConnection now = connection;
    return now == null ? null : now.server();
  }

  /** Replies of it so far; -1 when there is none. */
  long replies() {
    ServerSide at = server();
    return at == null ? -1 : at.replies();
  }

  /** Whether octets of a body can be given to it. */
  boolean takesMore() {
    BackendConnection now = connection;
    return now != null && now.channel().isWritable();
  }

  /** Whether a body is held back because it takes no more of it for now. */
  boolean holdsBody() {
    return connection != null && session.forwardsBody() && !takesMore();
  }

  /**
   * Whether octets wait to be written to it while direct memory is tight: each may hold the whole
   * buffer that it was read into.
   *
   * @param then runs when they are written
   */
  boolean waitsForMemory(Runnable then) {
    Outgoing to = out;
    if (to == null || to.isWritten() || !Loops.directMemoryTight()) {
      return false;
    }
    if (!roomAsked) {
      roomAsked = true;
      to.whenWritten(() -> {
        roomAsked = false;
        guard.execute(then);
      });
    }
    return true;
  }

  /** The connection to it; null for none. */
  @Nullable BackendConnection connection() {
    return connection;
  }

  /** Starts TLS behind all that was said so far. */
  void secure() {
    BackendConnection now = connection;
    Outgoing to = out;
    if (now != null && to != null) {
      to.flush();
      now.secure();
    }
  }

  /** What a client answers to a challenge; kept nowhere. */
  void respond(String answer) {
    Outgoing to = out;
    if (to != null) {
      to.text(answer);
      to.text("\r\n");
    }
  }

  /** Octets that stand in front of the body; of every try the same. */
  void trace(String header) {
    Outgoing to = out;
    if (to != null) {
      to.text(header);
    }
  }

  void send(Command command) {
    Outgoing to = out;
    if (to != null) {
      to.text(command.line());
      to.text("\r\n");
    }
  }

  /** Octets of the body; takes them over. */
  void body(ByteBuf octets) {
    Outgoing to = out;
    if (to == null) {
      octets.release();
      return;
    }
    if (!replay.add(octets, octets.readerIndex(), octets.readableBytes())) {
      session.replayLost();
    }
    to.octets(octets);
  }

  /** Octets of the body once more, for another member. */
  void replay(long from, long count) {
    BackendConnection now = connection;
    Outgoing to = out;
    if (now != null && to != null) {
      to.octets(replay.part(now.channel().alloc(), from, count));
    }
  }

  /** Hands everything to the socket and asks when the last octet of a message has left us. */
  void flush() {
    Outgoing to = out;
    if (to == null) {
      return;
    }
    to.flush();
    if (session.awaitsCommit()) {
      askForCommit(to);
    }
  }

  private void askForCommit(Outgoing to) {
    if (to.isWritten()) {
      session.committed();
    } else if (!commitAsked) {
      commitAsked = true;
      to.whenWritten(() -> {
        commitAsked = false;
        if (to == out) {
          guard.execute(session::committed);
        }
      });
    }
  }

  /** Gives the connection back, or away. */
  void release(Disposition how) {
    BackendConnection now = connection;
    Outgoing to = out;
    if (now == null || to == null) {
      return;
    }
    forget(now);
    if (how == Disposition.CLOSE && !now.server().isAtCommand()) {
      to.clear(); // It might be what completes a body.
    } else {
      to.flush();
    }
    switch (how) {
      case KEEP -> now.keep(false);
      case RESET -> now.keep(true);
      case CLOSE -> now.quit();
    }
  }

  /** The connection is lost: what waits to be written has nobody to go to. */
  void drop() {
    BackendConnection now = connection;
    Outgoing to = out;
    if (now != null && to != null) {
      to.clear();
      forget(now);
    }
  }

  private void forget(BackendConnection now) {
    now.member().messageEnds();
    connection = null;
    out = null;
  }

  /** Breaks the connection off if this member is at its other end; whether it was. */
  boolean cut(MemberConnections from) {
    BackendConnection now = connection;
    if (now == null || now.member() != from) {
      return false;
    }
    now.close();
    return true;
  }

  /** Forgets the body. */
  void clear() {
    replay.clear();
  }
}
