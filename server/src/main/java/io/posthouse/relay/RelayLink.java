package io.posthouse.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Refusal;
import io.posthouse.backend.Route;
import io.posthouse.balance.Choice;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.LinkOptions;
import io.posthouse.net.Loop;
import io.posthouse.net.ProxyGate;
import io.posthouse.net.Timeout;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsFacts;
import io.posthouse.net.TlsFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One client link in mode tcp, from accept to the last octet.
 *
 * <p>The client is not read before there is a member; from then on both sides are read at once, so
 * a server that speaks first and a client that does are served alike. The end of one side's octets
 * is passed on when everything before it was written (half close); when both sides have ended, both
 * channels close. An error on one side resets the other, so that neither takes half a conversation
 * for a whole one. One deadline watches both sides: nothing moved for idle-timeout.
 *
 * <p>TLS may end here on the client's side, before a member is looked for, and begin here on the
 * member's, before the member counts as reached. Its close_notify is the end of a side's octets.
 */
final class RelayLink extends Timeout {
  private static final ByteBuf UNAVAILABLE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer(
              "421 4.3.2 Service not available, try again later\r\n", StandardCharsets.US_ASCII));

  private static final long LINGER_MILLIS = 2000;

  private final TcpServer server;
  private final TcpServer.Running running;
  private final Loop loop;
  private final EpollSocketChannel client;
  private final Entrance entrance;
  private final RelayHandler clientSide;
  private final LinkTls tls = new LinkTls();
  private final long openedNanos;
  private @Nullable RelayMember member;
  private @Nullable RelayHandler memberSide;
  private long octetsIn;
  private long octetsOut;
  private long lastMoveTick;
  private @Nullable String detail;
  private boolean handshaking;
  private boolean oneEnded;
  private @Nullable Side truncated;
  private @Nullable LinkEnd lingering;
  private boolean admitted;
  private boolean closed;

  /** Place in the loop's registry; written by {@link LinkRegistry} alone. */
  int registryIndex = -1;

  RelayLink(TcpServer server, Loop loop, EpollSocketChannel client, ClientIdentity peer) {
    this.server = server;
    this.running = server.running();
    this.loop = loop;
    this.client = client;
    this.entrance = new Entrance(peer);
    this.clientSide = new RelayHandler(this, Side.CLIENT, client);
    this.openedNanos = loop.nanos();
  }

  /** The loop it lives on. */
  Loop loop() {
    return loop;
  }

  /** Begins: the channel joins the loop, and once its client is known and let in, goes on. */
  void open() {
    admitted = server.opened(this, running);
    ClientIdentity peer = entrance.peer();
    if (admitted && running.believed().proxy(peer.address())) {
      ProxyGate.open(loop, client, ProxyGate.TIMEOUT_MILLIS, this::arrived, this::noHeader);
      return;
    }
    join();
    if (!running.believed().expectsProxy()) {
      arrived(peer);
    } else {
      reset(admitted ? LinkEnd.NOT_BELIEVED : LinkEnd.TOO_MANY_LINKS);
    }
  }

  /** The same for a client that nobody has to speak for. */
  void openKnown() {
    admitted = server.opened(this, running);
    join();
    arrived(entrance.peer());
  }

  private void join() {
    LinkOptions.set(client);
    loop.eventLoop().register(client);
  }

  private void noHeader(String reason) {
    if (!closed) {
      detail = reason;
      close(LinkEnd.NO_HEADER);
    }
  }

  /** It is known who the client is. */
  private void arrived(ClientIdentity who) {
    LinkEnd refusal = admitted ? entrance.enter(running.routes(), who) : LinkEnd.TOO_MANY_LINKS;
    if (refusal == null) {
      refusal = RelayRules.ask(server, running, entrance, loop.nanos());
    }
    TlsAcceptor acceptor = refusal == null ? running.tls() : null;
    if (acceptor != null) {
      clientSide.secure(acceptor.handler(client.alloc()));
    }
    client.pipeline().addLast(clientSide);
    if (refusal == LinkEnd.NO_CLASS || refusal == LinkEnd.RULE) {
      reset(refusal);
    } else if (refusal != null) {
      refuse(refusal);
    } else if (acceptor == null) {
      begin();
    } else {
      // No member hears of whoever only knocks.
      handshaking = true;
      loop.arm(this, acceptor.settings().handshakeTimeout().toMillis());
      clientSide.readHandshake();
    }
  }

  private void begin() {
    Route route = entrance.route();
    if (route == null) {
      throw new AssertionError("a client of no class was let in");
    }
    loop.arm(this, running.settings().idleTimeout().toMillis());
    lastMoveTick = loop.tick();
    RelayMember search =
        new RelayMember(this, loop, route, entrance.client(), tls.client(), server.traffic(loop));
    member = search;
    search.search();
  }

  /** The client's TLS handshake is over. */
  void handshakeEnded(SslHandshakeCompletionEvent handshake) {
    if (closed) {
      return;
    }
    handshaking = false;
    SslHandler secure = clientSide.tls();
    if (secure != null && handshake.isSuccess()) {
      tls.client(TlsFacts.of(secure.engine()));
      begin();
    } else {
      noTls(TlsFailure.text(handshake.cause()));
    }
  }

  private void noTls(String reason) {
    detail = reason;
    close(LinkEnd.NO_TLS);
  }

  /** A member is connected: octets move. */
  void joined(RelayHandler other) {
    memberSide = other;
    SslHandler secure = other.tls();
    if (secure != null) {
      tls.member(TlsFacts.of(secure.engine()));
    }
    lastMoveTick = loop.tick();
    other.join(clientSide);
    clientSide.join(other);
  }

  /** There is no member for it. */
  void refused(Refusal why) {
    refuse(LinkEnd.of(why));
  }

  /** Octets came from a side and go to the other. */
  void moved(Side from, int octets) {
    lastMoveTick = loop.tick();
    if (from == Side.CLIENT) {
      octetsIn += octets;
    } else {
      octetsOut += octets;
    }
  }

  /** A slow reader took what waited for it, so the link is not idle. */
  void progressed() {
    lastMoveTick = loop.tick();
  }

  /** A side has said all it had to say: the other hears of it once everything before is written. */
  void finished(Side side) {
    LinkEnd refused = lingering;
    if (refused != null) {
      close(refused);
      return;
    }
    RelayHandler to = other(side);
    to.whenWritten(() -> endWritten(to));
  }

  private void endWritten(RelayHandler to) {
    if (closed) {
      return;
    }
    if (oneEnded || truncated != null) {
      close(LinkEnd.COMPLETE);
      return;
    }
    oneEnded = true;
    to.passEndOn();
  }

  /**
   * A side closed without the close_notify that ends TLS. That is the habit of many after QUIT, and
   * then the other side ends by itself; otherwise half a conversation must not look whole.
   */
  void truncated(Side side) {
    LinkEnd refused = lingering;
    if (refused != null) {
      close(refused);
    } else if (oneEnded || truncated != null) {
      other(side).whenWritten(() -> close(LinkEnd.COMPLETE));
    } else {
      truncated = side;
      loop.arm(this, LINGER_MILLIS);
    }
  }

  /** A side's channel is closed, by its peer or by us. */
  void lost(Side side) {
    LinkEnd refused = lingering;
    if (refused != null) {
      close(refused);
    } else if (handshaking && !closed) {
      noTls("the peer closed the connection");
    } else if (oneEnded && !closed) {
      other(side).whenWritten(() -> close(LinkEnd.COMPLETE));
    } else if (!closed && truncated != side) {
      reset(side == Side.CLIENT ? LinkEnd.CLIENT_RESET : LinkEnd.MEMBER_RESET);
    }
  }

  /** A side's channel failed. */
  void failed(Side side, Throwable cause) {
    if (closed) {
      return;
    }
    LinkEnd refused = lingering;
    if (refused != null) {
      close(refused);
      return;
    }
    if (cause instanceof IOException || cause instanceof DecoderException) {
      if (truncated == side) {
        return; // It has closed and hears no more: the other side decides.
      }
      reset(side == Side.CLIENT ? LinkEnd.CLIENT_RESET : LinkEnd.MEMBER_RESET);
    } else {
      server.events().emit(Event.of(EventKind.BUG, "where", "relay", "cause", cause.toString()));
      reset(LinkEnd.CUT);
    }
  }

  private RelayHandler other(Side side) {
    RelayHandler other = side == Side.CLIENT ? memberSide : clientSide;
    if (other == null) {
      throw new AssertionError("there is no other side yet");
    }
    return other;
  }

  /** Cuts it, whatever it does. */
  void cut() {
    if (!closed) {
      reset(lingering == null ? LinkEnd.CUT : lingering);
    }
  }

  /** Whether it was within the virtual server's limit, and so counts as open. */
  boolean isAdmitted() {
    return admitted;
  }

  /** The connection's member, and why it; null before there is one. */
  @Nullable Choice<MemberConnections> choice() {
    RelayMember at = member;
    return at == null ? null : at.choice();
  }

  /** The connection's member; null before there is one. */
  @Nullable MemberConnections member() {
    Choice<MemberConnections> made = choice();
    return made == null ? null : made.load();
  }

  @Override
  protected void expired(long tick) {
    LinkEnd refused = lingering;
    if (refused != null) {
      close(refused);
      return;
    }
    if (handshaking) {
      noTls("no handshake within " + openMillis() + " ms");
      return;
    }
    if (truncated != null) {
      reset(LinkEnd.TRUNCATED);
      return;
    }
    long idleMillis = (tick - lastMoveTick) * DeadlineWheel.TICK_MILLIS;
    long left = running.settings().idleTimeout().toMillis() - idleMillis;
    if (left > 0) {
      loop.arm(this, left);
    } else {
      close(octetsOut == 0 && memberSide != null ? LinkEnd.MEMBER_SILENT : LinkEnd.IDLE);
    }
  }

  private void refuse(LinkEnd why) {
    // Where TLS comes first, 421 is for those who have come through it.
    if (running.settings().whenDownInEffect() == WhenDown.REPLY_421
        && (running.tls() == null || tls.client() != null)) {
      lingering = why;
      client.writeAndFlush(UNAVAILABLE.duplicate());
      clientSide.whenWritten(clientSide::passEndOn);
      clientSide.discard();
      loop.arm(this, LINGER_MILLIS);
    } else {
      reset(why);
    }
  }

  private void reset(LinkEnd why) {
    clientSide.reset();
    RelayMember at = member;
    if (at != null) {
      at.reset();
    }
    close(why);
  }

  private void close(LinkEnd why) {
    if (closed) {
      return;
    }
    closed = true;
    loop.disarm(this);
    client.close();
    RelayMember at = member;
    if (at != null) {
      at.release();
    }
    entrance.leave();
    server.closed(this, why);
  }

  /** Who its client is. */
  Entrance entrance() {
    return entrance;
  }

  /** What its TLS came to. */
  LinkTls tls() {
    return tls;
  }

  /** More about why it ended; null where the end says it all. */
  @Nullable String detail() {
    return detail;
  }

  String serverName() {
    return running.settings().name();
  }

  long openMillis() {
    return (loop.nanos() - openedNanos) / 1_000_000;
  }

  long octetsIn() {
    return octetsIn;
  }

  long octetsOut() {
    return octetsOut;
  }
}
