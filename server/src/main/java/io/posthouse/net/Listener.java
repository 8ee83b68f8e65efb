package io.posthouse.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.Future;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.model.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bound address: one listening socket per loop, all on the same port (SO_REUSEPORT), so that a
 * link is accepted, served and connected on one loop and never crosses threads.
 *
 * <p>SO_REUSEPORT would let a second process of the same user steal half of the links without an
 * error; so the address is first bound without it, for a moment, which fails when anybody else has
 * it. Two that do so at the same moment do not see each other.
 *
 * <p>The unspecified address of IPv6 takes clients of both families, any other only its own. Links
 * that nobody has accepted when it is closed are reset by the kernel.
 */
public final class Listener implements AutoCloseable {
  private static final ChannelOption<Integer> IPV6_V6ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);
  private static final int BACKLOG = 4096;

  /** What Netty's accept writes of a peer: the length of its address, the address, scope, port. */
  private static final int PEER_OCTETS = 26;

  private static final long REST_AFTER_ERROR_SECONDS = 1;

  private final List<EpollServerSocketChannel> sockets;
  private final LinkLimit limit;
  private final EventSink events;
  private final Runnable resume = this::resume;
  private volatile @Nullable Acceptor acceptor;
  private volatile Endpoint address;

  private Listener(
      Endpoint address, List<EpollServerSocketChannel> sockets, LinkLimit limit, EventSink events) {
    this.address = address;
    this.sockets = sockets;
    this.limit = limit;
    this.events = events;
  }

  /**
   * Binds an address on every loop; clients wait in the backlog until {@link #serve}. Blocks.
   *
   * @param sharedWithOwn whether another listener of this process overlaps with it during a reload
   */
  public static Listener open(
      Endpoint address, Loops loops, LinkLimit limit, EventSink events, boolean sharedWithOwn)
      throws ListenException {
    List<EpollServerSocketChannel> sockets = new ArrayList<>();
    Listener listener = new Listener(address, sockets, limit, events);
    try {
      if (!sharedWithOwn && address.port() != 0) {
        probe(address);
      }
      int port = address.port();
      for (Loop loop : loops.all()) {
        var socket = bind(address, port, loop, listener.new Accepting(loop));
        sockets.add(socket);
        port = socket.localAddress().getPort();
      }
      listener.address = new Endpoint(address.host(), port);
      limit.whenFree(listener.resume);
      return listener;
    } catch (IOException e) {
      sockets.forEach(EpollServerSocketChannel::close);
      throw ListenException.of(address, e);
    }
  }

  /** The address that is bound; a port 0 asked for is the real one here. */
  public Endpoint address() {
    return address;
  }

  /** Hands links to an acceptor from now on, whoever had them before. */
  public void serve(Acceptor next) {
    acceptor = next;
    resume();
  }

  /**
   * Stops listening. Blocks until every socket is closed. Links it accepted live on, and clients
   * whom the kernel has accepted already are taken first, since closing would reset them.
   */
  @Override
  public void close() {
    limit.forget(resume);
    List<Future<?>> closing = new ArrayList<>();
    for (EpollServerSocketChannel socket : sockets) {
      if (!socket.eventLoop().isShuttingDown()) {
        closing.add(
            socket
                .eventLoop()
                .submit(() -> {
                  takeWaiting(socket);
                  socket.close();
                }));
      }
    }
    closing.forEach(Future::awaitUninterruptibly);
  }

  /** Accepts what waits, as far as the limit allows, without another turn of the loop. */
  private void takeWaiting(EpollServerSocketChannel socket) {
    Acceptor last = acceptor;
    Accepting accepting = socket.pipeline().get(Accepting.class);
    if (last == null || accepting == null || !socket.isOpen()) {
      return;
    }
    var listening = (io.netty.channel.unix.Socket) socket.fd();
    byte[] peer = new byte[PEER_OCTETS];
    try {
      int descriptor;
      while (limit.open() < limit.limit() && (descriptor = listening.accept(peer)) >= 0) {
        EpollSocketChannel client = new EpollSocketChannel(descriptor);
        if (client.remoteAddress() == null) {
          client.unsafe().closeForcibly(); // Gone already.
        } else {
          limit.opened();
          last.accepted(accepting.loop, client);
        }
      }
    } catch (IOException outOfDescriptors) {
      // Whoever still waits is reset, as by any socket that closes.
    }
  }

  private void resume() {
    if (acceptor == null) {
      return;
    }
    for (EpollServerSocketChannel socket : sockets) {
      socket.eventLoop().execute(() -> socket.config().setAutoRead(true));
    }
  }

  private static void probe(Endpoint address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setReuseAddress(true);
      socket.bind(socketAddress(address, address.port()));
    }
  }

  private static InetSocketAddress socketAddress(Endpoint address, int port) throws IOException {
    String host = address.host().equals("*") ? "::" : address.host();
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  private static EpollServerSocketChannel bind(
      Endpoint address, int port, Loop loop, Accepting accepting) throws IOException {
    InetSocketAddress local = socketAddress(address, port);
    boolean ipv6 = local.getAddress() instanceof java.net.Inet6Address;
    var socket =
        new EpollServerSocketChannel(ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    socket.config().setAutoRead(false);
    socket.config().setReuseAddress(true);
    socket.config().setBacklog(BACKLOG);
    socket.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
    if (ipv6) {
      socket.config().setOption(IPV6_V6ONLY, local.getAddress().isAnyLocalAddress() ? 0 : 1);
    }
    socket.pipeline().addLast(accepting);
    ChannelFuture bound =
        loop.eventLoop().register(socket).awaitUninterruptibly().isSuccess()
            ? socket.bind(local).awaitUninterruptibly()
            : socket.newFailedFuture(new IOException("the event loop has ended"));
    if (!bound.isSuccess()) {
      socket.close().awaitUninterruptibly();
      Throwable cause = bound.cause();
      throw cause instanceof IOException io ? io : new IOException(cause);
    }
    return socket;
  }

  /** Hands accepted channels on; rests when there are too many links or too few descriptors. */
  private final class Accepting extends ChannelInboundHandlerAdapter {
    private final Loop loop;
    private boolean resting;

    Accepting(Loop loop) {
      this.loop = loop;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      if (!limit.opened()) {
        ctx.channel().config().setAutoRead(false);
        events.emit(
            Event.of(
                EventKind.LINKS_EXHAUSTED,
                "listen",
                address.toString(),
                "limit",
                limit.limit(),
                "remedy",
                "raise limits.max-links and the file descriptor limit (ulimit -n, LimitNOFILE)"));
      }
      Acceptor now = acceptor;
      if (now == null) {
        throw new AssertionError("accepted before anybody serves");
      }
      now.accepted(loop, (EpollSocketChannel) accepted);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (resting) {
        return;
      }
      resting = true;
      String said = String.valueOf(cause.getMessage());
      String remedy =
          said.contains("Too many open files")
              ? "raise the file descriptor limit (ulimit -n, LimitNOFILE) or lower limits.max-links"
              : "none known; accepting goes on in a second";
      events.emit(
          Event.of(
              EventKind.ACCEPT_FAILED,
              "listen",
              address.toString(),
              "cause",
              said,
              "remedy",
              remedy));
      ctx.channel().config().setAutoRead(false);

      ctx.channel()
          .eventLoop()
          .schedule(() -> rested(ctx.channel()), REST_AFTER_ERROR_SECONDS, TimeUnit.SECONDS);
    }

    private void rested(Channel socket) {
      resting = false;
      if (limit.open() < limit.limit()) {
        socket.config().setAutoRead(true);
      }
    }
  }
}
