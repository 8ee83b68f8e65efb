package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.posthouse.net.LinkOptions;
import io.posthouse.net.Loop;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsFacts;
import org.jspecify.annotations.Nullable;

/** A client's connection: its channel, what is written to it, its TLS, and the ways to close it. */
final class ClientConnection {
  private final EpollSocketChannel channel;
  private final Outgoing out;
  private final @Nullable TlsAcceptor acceptor;
  private @Nullable SslHandler secure;
  private @Nullable TlsFacts tlsFacts;

  /**
   * A connection that was accepted.
   *
   * @param acceptor what TLS is begun with; null for none
   */
  ClientConnection(EpollSocketChannel channel, @Nullable TlsAcceptor acceptor) {
    this.channel = channel;
    this.out = new Outgoing(channel);
    this.acceptor = acceptor;
  }

  /** Joins a loop. */
  void open(Loop loop, ChannelHandler handler) {
    channel.pipeline().addLast(handler);
    if (!channel.isRegistered()) { // Else its peer has spoken for it already.
      LinkOptions.set(channel);
      loop.eventLoop().register(channel);
    }
  }

  ByteBufAllocator alloc() {
    return channel.alloc();
  }

  // ---- octets

  void say(String text) {
    out.text(text);
  }

  void flush() {
    out.flush();
  }

  /** Octets that were said. */
  long octets() {
    return out.count();
  }

  /** Whether more can be said without keeping it in memory. */
  boolean takesMore() {
    return channel.isWritable();
  }

  void read() {
    channel.read();
  }

  // ---- TLS

  /**
   * Begins TLS behind all that was said so far. It stands in the pipeline before the client is read
   * again, so that nothing said in plain comes through. What came before it stood there, which
   * happens behind a PROXY header whose client had to wait, is the beginning of its handshake, or
   * the end of the link.
   *
   * @param early octets that came before; taken over; null for none
   * @param ended whether the client's output ended behind them
   */
  void secure(@Nullable ByteBuf early, boolean ended) {
    TlsAcceptor with = acceptor;
    if (with == null) {
      throw new IllegalStateException("TLS without a certificate");
    }
    out.flush();
    SslHandler handler = with.handler(channel.alloc());
    secure = handler;
    channel.pipeline().addFirst(handler);
    if (early != null) {
      channel.pipeline().fireChannelRead(early).fireChannelReadComplete();
      if (ended) {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
    }
  }

  /** The handshake is done. */
  void secured() {
    SslHandler now = secure;
    tlsFacts = now == null ? null : TlsFacts.of(now.engine());
  }

  /** What the handshake came to; null in plain. */
  @Nullable TlsFacts tlsFacts() {
    return tlsFacts;
  }

  // ---- the end

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Whether nothing is left to be written. */
  boolean isTold() {
    return !channel.isOpen() || out.isWritten();
  }

  /** Closes at once; TLS is told goodbye. */
  void close() {
    channel.close();
  }

  /** Closes when all that was said is with the kernel. */
  void closeWhenTold() {
    out.whenWritten(channel::close);
  }

  /** Ends our output when all that was said is with the kernel; the client may still be sending. */
  void endOutputWhenTold() {
    SslHandler within = secure;
    if (within == null) {
      out.whenWritten(channel::shutdownOutput);
    } else {
      out.whenWritten(() -> within.closeOutbound().addListener(_ -> channel.shutdownOutput()));
    }
  }

  /** Resets it, past TLS, which would have a last word. */
  void reset() {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (channel.isOpen() && first != null) {
      channel.config().setSoLinger(0);
      first.close();
    }
  }

  /** Runs a step when the channel is closed. */
  void whenClosed(Runnable step) {
    channel.closeFuture().addListener(_ -> step.run());
  }
}
