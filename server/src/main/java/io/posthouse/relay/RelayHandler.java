package io.posthouse.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.posthouse.backend.MemberSocket;
import io.posthouse.net.Loops;
import io.posthouse.net.ReadGate;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One side of a link: reads its channel, writes to the other side's, and tells the link what
 * happens.
 *
 * <p>Octets are written as they are read and flushed once when the read batch is complete; then one
 * more read is asked for, unless the other side takes no more, or has not taken all while memory is
 * tight. Asking before the batch ends keeps the socket's interest set as it is, which saves a
 * system call per read.
 *
 * <p>With TLS on this side its handler stands before this one, and what is read is its plain text.
 * What comes along with the end of the handshake or of a PROXY header, when there is no other side
 * yet, waits here: one read at most, since nothing more is asked for.
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {
  private final RelayLink link;
  private final Side side;
  private final ReadGate gate;
  private final EpollSocketChannel channel;
  private @Nullable SslHandler tls;
  private @Nullable RelayHandler peer;
  private @Nullable ArrayDeque<ByteBuf> early;
  private boolean discarding;
  private boolean ended;
  private boolean truncated;
  private boolean endPassed;

  /** A side in plain. */
  RelayHandler(RelayLink link, Side side, EpollSocketChannel channel) {
    this.link = link;
    this.side = side;
    this.channel = channel;
    this.gate = new ReadGate(channel);
  }

  /** Puts a handler of TLS into the pipeline, behind which this one is to stand. */
  void secure(SslHandler handler) {
    tls = handler;
    channel.pipeline().addLast(handler);
  }

  /** Reads what the handshake needs. */
  void readHandshake() {
    gate.read();
  }

  /** Who does its TLS; null in plain. */
  @Nullable SslHandler tls() {
    return tls;
  }

  /** Joins it with the other side; reading begins. */
  void join(RelayHandler other) {
    peer = other;
    ArrayDeque<ByteBuf> waited = early;
    if (waited != null) {
      early = null;
      waited.forEach(octets -> pass(octets, other));
      other.channel.flush();
    }
    gate.read();
    if (ended) {
      tellEnd();
    }
  }

  /** Reads on and throws away, so that closing does not reset what was written last. */
  void discard() {
    discarding = true;
    gate.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    RelayHandler to = peer;
    if (to != null && to.channel.isActive()) {
      pass((ByteBuf) read, to);
    } else if (to == null && !discarding) {
      if (early == null) {
        early = new ArrayDeque<>(4);
      }
      early.add((ByteBuf) read);
    } else {
      ReferenceCountUtil.release(read);
    }
  }

  private void pass(ByteBuf octets, RelayHandler to) {
    link.moved(side, octets.readableBytes());
    to.channel.write(octets, to.channel.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    RelayHandler to = peer;
    if (to != null) {
      to.channel.flush();
      if (to.hasUnwritten() && Loops.directMemoryTight()) {
        gate.hold(ReadGate.Reason.MEMORY);
        to.channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(written -> gate.release(ReadGate.Reason.MEMORY));
      }
      gate.read();
    } else if (discarding) {
      gate.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    RelayHandler other = peer;
    if (other != null) {
      if (channel.isWritable()) {
        link.progressed();
        other.gate.release(ReadGate.Reason.PEER_FULL);
      } else {
        other.gate.hold(ReadGate.Reason.PEER_FULL);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && side == Side.CLIENT) {
      link.handshakeEnded(handshake);
    } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
      // After our own, Netty tells of one with whatever comes: then only the socket's end counts.
      if (!endPassed && !isMemberToCome()) {
        ended(true);
      }
    } else if (event == ChannelInputShutdownEvent.INSTANCE && !isMemberToCome()) {
      ended(tls == null);
    }
  }

  /** Its peer has said all it had to say, or has just closed in the midst of TLS. */
  private void ended(boolean cleanly) {
    if (ended && tls != null) {
      return; // Its close_notify came before.
    }
    ended = true;
    truncated = !cleanly;
    RelayHandler to = peer;
    if (to != null) {
      if (tls != null) {
        to.channel.flush(); // Within one batch, what came before is not flushed yet.
      }
      tellEnd();
    } else if (discarding) {
      link.finished(side);
    } else if (early == null) {
      link.lost(side);
    }
  }

  private void tellEnd() {
    if (truncated) {
      link.truncated(side);
    } else {
      link.finished(side);
    }
  }

  /** Whether it is a connection that may still come to nothing, which its dial hears of. */
  private boolean isMemberToCome() {
    return side == Side.MEMBER && peer == null;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!isMemberToCome()) {
      link.lost(side);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!isMemberToCome()) {
      link.failed(side, cause);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ArrayDeque<ByteBuf> waited = early;
    if (waited != null) {
      early = null;
      waited.forEach(ByteBuf::release);
    }
  }

  /**
   * Whether anything written to this side is not with the kernel yet. TLS encrypts all that it has
   * when it is flushed, so the channel's own buffer tells.
   */
  private boolean hasUnwritten() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting != null && !waiting.isEmpty();
  }

  /**
   * Runs a step once everything written to this side so far is with the kernel, or is not wanted
   * any more: whoever has said close_notify reads nothing (RFC 5246 section 7.2.1).
   */
  void whenWritten(Runnable step) {
    if (!hasUnwritten()) {
      step.run();
      return;
    }
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          // The error that kept it from being written has its own way here.
          if (written.isSuccess() || (ended && tls != null)) {
            step.run();
          }
        });
  }

  /** Tells this side's peer that nothing more comes, once everything was written. */
  void passEndOn() {
    endPassed = true;
    if (tls == null) {
      halfClose();
    } else {
      tls.closeOutbound().addListener(written -> halfClose());
    }
    // The end of this side, when it comes, ends the link: nothing is left to be half closed for.
    channel.config().setAllowHalfClosure(false);
  }

  /**
   * Past Netty, which makes an exception with its stack trace for each, in case that somebody waits
   * for what was not written.
   */
  private void halfClose() {
    try {
      ((Socket) channel.fd()).shutdown(false, true);
    } catch (IOException | NotYetConnectedException peerIsGone) {
      // Whatever ended it comes through the channel's own events.
    }
  }

  /** Closes it by a reset. */
  void reset() {
    if (channel.isOpen()) {
      channel.config().setSoLinger(0);
      MemberSocket.abort(channel);
    }
  }
}
