package io.posthouse.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.posthouse.backend.Dial;
import io.posthouse.backend.MemberConnections;
import io.posthouse.balance.Choice;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.persist.ClientKey;
import io.posthouse.persist.PersistenceTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.NotYetConnectedException;
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
  private boolean oneEnded;
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
    this.clientSide = new RelayHandler(this, Side.CLIENT, client);
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
    client.pipeline().addLast(clientSide);
    loop.eventLoop().register(client);
    admitted = server.opened(this, running);
    if (!admitted) {
      refuse(LinkEnd.TOO_MANY_LINKS);
      return;
    }
    loop.arm(this, running.settings().idleTimeout().toMillis());
    lastMoveTick = loop.tick();
    search();
  }

  private void search() {
    InetAddress address = clientAddress.getAddress();
    String hadBefore = null;
    PersistenceTable table = running.persistence();
    if (table != null) {
      ClientKey key = table.key(address);
      hadBefore = table.member(key);
      Work work = hadBefore == null ? Work.NONE : running.pool().view().work(hadBefore);
      if (work == Work.LAST_RESORT) {
        hadBefore = null; // Under pressure: ignored for this link, but kept.
      } else {
        persistentKey = key;
      }
    }
    long hash = ClientKey.of(address, 32, 64).hash();
    Dial search = new Dial(running.pool(), loop, hash, hadBefore, this);
    dial = search;
    search.start();
  }

  @Override
  public ChannelHandler handler(EpollSocketChannel toMember, MemberConnections of) {
    RelayHandler side = new RelayHandler(this, Side.MEMBER, toMember);
    memberSide = side;
    return side;
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
    if (persistentKey != null && running.persistence() != null) {
      running.persistence().remember(persistentKey, made.name());
    }
    lastMoveTick = loop.tick();
    clientSide.join(other);
    other.join(clientSide);
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
    EpollSocketChannel to = other(side);
    whenWritten(to, () -> endWritten(to));
  }

  private void endWritten(EpollSocketChannel to) {
    if (oneEnded) {
      close(LinkEnd.COMPLETE);
      return;
    }
    oneEnded = true;
    passEndOn(to);
    // The end of this side, when it comes, ends the link: nothing is left to be half closed for.
    to.config().setAllowHalfClosure(false);
  }

  /** A side's channel is closed, by its peer or by us. */
  void lost(Side side) {
    LinkEnd refused = lingering;
    if (refused != null) {
      close(refused);
    } else if (oneEnded && !closed) {
      whenWritten(other(side), () -> close(LinkEnd.COMPLETE));
    } else if (!closed) {
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
    if (cause instanceof IOException) {
      reset(side == Side.CLIENT ? LinkEnd.CLIENT_RESET : LinkEnd.MEMBER_RESET);
    } else {
      server.events().emit(Event.of(EventKind.BUG, "where", "relay", "cause", cause.toString()));
      reset(LinkEnd.CUT);
    }
  }

  private EpollSocketChannel other(Side side) {
    EpollSocketChannel other = side == Side.CLIENT ? member : client;
    if (other == null) {
      throw new AssertionError("there is no other side yet");
    }
    return other;
  }

  /**
   * Half closes a channel that has nothing left to write. Past Netty, which makes an exception with
   * its stack trace for each, in case that somebody waits for what was not written.
   */
  private static void passEndOn(EpollSocketChannel to) {
    try {
      ((Socket) to.fd()).shutdown(false, true);
    } catch (IOException | NotYetConnectedException peerIsGone) {
      // Whatever ended it comes through the channel's own events.
    }
  }

  /** Runs a step once everything written to a channel so far is with the kernel. */
  private void whenWritten(EpollSocketChannel to, Runnable step) {
    if (!RelayHandler.hasUnwritten(to)) {
      step.run();
      return;
    }
    to.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          // The error that kept it from being written has its own way here.
          if (written.isSuccess() && !closed) {
            step.run();
          }
        });
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
    long idleMillis = (tick - lastMoveTick) * DeadlineWheel.TICK_MILLIS;
    long left = running.settings().idleTimeout().toMillis() - idleMillis;
    if (left > 0) {
      loop.arm(this, left);
    } else {
      close(octetsOut == 0 && member != null ? LinkEnd.MEMBER_SILENT : LinkEnd.IDLE);
    }
  }

  private void refuse(LinkEnd why) {
    if (running.settings().whenDownInEffect() == WhenDown.REPLY_421) {
      lingering = why;
      client.writeAndFlush(UNAVAILABLE.duplicate());
      client.shutdownOutput();
      clientSide.discard();
      loop.arm(this, LINGER_MILLIS);
    } else {
      reset(why);
    }
  }

  private void reset(LinkEnd why) {
    if (client.isOpen()) {
      client.config().setSoLinger(0);
    }
    EpollSocketChannel toMember = member;
    if (toMember != null && toMember.isOpen()) {
      toMember.config().setSoLinger(0);
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
      running.pool().release(made.load());
    }
    server.closed(this, why);
  }

  /** What the log says of it. */
  Event event(LinkEnd why) {
    Choice<MemberConnections> made = choice;
    return Event.of(
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
  }

  long octetsIn() {
    return octetsIn;
  }

  long octetsOut() {
    return octetsOut;
  }
}
