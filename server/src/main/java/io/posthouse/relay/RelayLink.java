package io.posthouse.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.posthouse.backend.BackendKey;
import io.posthouse.backend.Dial;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Route;
import io.posthouse.balance.Choice;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsConnector;
import io.posthouse.net.TlsFacts;
import io.posthouse.net.TlsFailure;
import io.posthouse.persist.ClientKey;
import io.posthouse.persist.PersistenceTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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
final class RelayLink extends Timeout implements Dial.Caller {
  private static final ByteBuf UNAVAILABLE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer(
              "421 4.3.2 Service not available, try again later\r\n", StandardCharsets.US_ASCII));

  private static final long LINGER_MILLIS = 2000;

  private final TcpServer server;
  private final TcpServer.Running running;
  private final Loop loop;
  private final EpollSocketChannel client;
  private final InetSocketAddress clientAddress;
  private final @Nullable Route route;
  private final RelayHandler clientSide;
  private final long openedNanos;
  private @Nullable RelayHandler memberSide;
  private @Nullable EpollSocketChannel member;
  private @Nullable Choice<MemberConnections> choice;
  private @Nullable Dial dial;
  private @Nullable ClientKey persistentKey;
  private long octetsIn;
  private long octetsOut;
  private long lastMoveTick;
  private boolean handshaking;
  private final LinkTls tls = new LinkTls();
  private boolean oneEnded;
  private @Nullable Side truncated;
  private @Nullable LinkEnd lingering;
  private boolean admitted;
  private boolean closed;

  /** Place in the loop's registry; written by {@link LinkRegistry} alone. */
  int registryIndex = -1;

  RelayLink(TcpServer server, Loop loop, EpollSocketChannel client) {
    this.server = server;
    this.running = server.running();
    this.loop = loop;
    this.client = client;
    this.clientAddress = client.remoteAddress();
    this.route = running.routes().of(clientAddress.getAddress());
    TlsAcceptor acceptor = running.tls();
    this.clientSide =
        new RelayHandler(
            this, Side.CLIENT, client, acceptor == null ? null : acceptor.handler(client.alloc()));
    this.openedNanos = loop.nanos();
  }

  /** The loop it lives on. */
  Loop loop() {
    return loop;
  }

  /** Begins: the channel joins the loop and a member is looked for. */
  void open() {
    client
        .config()
        .setAutoRead(false)
        .setAllowHalfClosure(true)
        .setRecvByteBufAllocator(Dial.READS)
        .setWriteBufferWaterMark(Dial.WATERMARK);
    SslHandler secure = clientSide.tls();
    if (secure != null) {
      client.pipeline().addLast(secure);
    }
    client.pipeline().addLast(clientSide);
    loop.eventLoop().register(client);
    if (route == null) {
      reset(LinkEnd.NO_CLASS);
      return;
    }
    admitted = server.opened(this, running);
    if (!admitted) {
      refuse(LinkEnd.TOO_MANY_LINKS);
      return;
    }
    TlsAcceptor acceptor = running.tls();
    if (acceptor == null) {
      begin();
    } else {
      // No member hears of whoever only knocks.
      handshaking = true;
      loop.arm(this, acceptor.settings().handshakeTimeout().toMillis());
      clientSide.readHandshake();
    }
  }

  private void begin() {
    loop.arm(this, running.settings().idleTimeout().toMillis());
    lastMoveTick = loop.tick();
    search();
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
    tls.failure(reason);
    close(LinkEnd.NO_TLS);
  }

  private Route route() {
    Route by = route;
    if (by == null) {
      throw new AssertionError("a client of no class was let in");
    }
    return by;
  }

  private void search() {
    InetAddress address = clientAddress.getAddress();
    String hadBefore = null;
    PersistenceTable table = route().persistence();
    if (table != null) {
      ClientKey key = table.key(address);
      hadBefore = table.member(key);
      Work work = hadBefore == null ? Work.NONE : route().pool().view().work(hadBefore);
      if (work == Work.LAST_RESORT) {
        hadBefore = null; // Under pressure: ignored for this link, but kept.
      } else {
        persistentKey = key;
      }
    }
    long hash = ClientKey.of(address, 32, 64).hash();
    Dial search = new Dial(route(), loop, address, hash, hadBefore, this);
    dial = search;
    search.start();
  }

  @Override
  public ChannelHandler handler(EpollSocketChannel toMember, MemberConnections of, BackendKey key) {
    TlsConnector connector = route().pool().tls();
    SslHandler secure =
        connector == null || !connector.settings().implicit()
            ? null
            : connector.handler(toMember.alloc(), of.member());
    if (secure != null) {
      toMember.pipeline().addLast(secure);
    }
    RelayHandler side = new RelayHandler(this, Side.MEMBER, toMember, secure);
    memberSide = side;
    return side;
  }

  @Override
  public @Nullable Future<Channel> handshake(EpollSocketChannel toMember) {
    SslHandler secure = memberSide == null ? null : memberSide.tls();
    return secure == null ? null : secure.handshakeFuture();
  }

  @Override
  public void connected(EpollSocketChannel toMember, Choice<MemberConnections> made) {
    RelayHandler other = memberSide;
    if (other == null) {
      throw new AssertionError("connected without a handler");
    }
    dial = null;
    member = toMember;
    choice = made;
    made.load().messageBegins();
    PersistenceTable table = route().persistence();
    if (persistentKey != null && table != null) {
      table.remember(persistentKey, made.name());
    }
    SslHandler secure = other.tls();
    if (secure != null) {
      tls.member(TlsFacts.of(secure.engine()));
    }
    lastMoveTick = loop.tick();
    other.join(clientSide);
    clientSide.join(other);
  }

  @Override
  public void refused(Dial.Refusal why) {
    dial = null;
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

  /** The connection's member; null before there is one. */
  @Nullable MemberConnections member() {
    Choice<MemberConnections> made = choice;
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
      long most = (loop.nanos() - openedNanos) / 1_000_000;
      noTls("no handshake within " + most + " ms");
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
      close(octetsOut == 0 && member != null ? LinkEnd.MEMBER_SILENT : LinkEnd.IDLE);
    }
  }

  private void refuse(LinkEnd why) {
    // Where TLS comes first, 421 is for those who have come through it.
    if (running.settings().whenDownInEffect() == WhenDown.REPLY_421
        && (running.tls() == null || tls.hasClient())) {
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
    RelayHandler other = memberSide;
    if (member != null && other != null) {
      other.reset();
    }
    close(why);
  }

  private void close(LinkEnd why) {
    if (closed) {
      return;
    }
    closed = true;
    loop.disarm(this);
    Dial search = dial;
    if (search != null) {
      search.cancel();
    }
    client.close();
    EpollSocketChannel toMember = member;
    if (toMember != null) {
      toMember.close();
    }
    Choice<MemberConnections> made = choice;
    if (made != null) {
      made.load().messageEnds();
      route().pool().release(made.load());
    }
    server.closed(this, why);
  }

  /** What the log says of it. */
  Event event(LinkEnd why) {
    Choice<MemberConnections> made = choice;
    Event event =
        Event.of(
            why.isRefusal() ? EventKind.LINK_REFUSED : EventKind.LINK_CLOSED,
            "virtual-server",
            running.settings().name(),
            "client",
            clientAddress.getAddress().getHostAddress() + ' ' + clientAddress.getPort(),
            "member",
            made == null ? "-" : made.name(),
            "why",
            made == null ? "-" : made.why().name().toLowerCase(Locale.ROOT),
            "end",
            why.phrase(),
            "in",
            octetsIn,
            "out",
            octetsOut,
            "ms",
            (loop.nanos() - openedNanos) / 1_000_000);
    return tls.on(event);
  }

  long octetsIn() {
    return octetsIn;
  }

  long octetsOut() {
    return octetsOut;
  }
}
