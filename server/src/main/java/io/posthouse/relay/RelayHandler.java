package io.posthouse.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.posthouse.net.Loops;
import io.posthouse.net.ReadGate;
import org.jspecify.annotations.Nullable;

/**
 * One side of a link: reads its channel, writes to the other side's, and tells the link what
 * happens.
 *
 * <p>Octets are written as they are read and flushed once when the read batch is complete; then one
 * more read is asked for, unless the other side takes no more, or has not taken all while memory is
 * tight. Asking before the batch ends keeps the socket's interest set as it is, which saves a
 * system call per read.
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {
  private final RelayLink link;
  private final Side side;
  private final ReadGate gate;
  private final Channel channel;
  private @Nullable Channel peer;
  private @Nullable ReadGate peerGate;
  private boolean discarding;

  RelayHandler(RelayLink link, Side side, Channel channel) {
    this.link = link;
    this.side = side;
    this.channel = channel;
    this.gate = new ReadGate(channel);
  }

  /** Joins it with the other side; reading begins. */
  void join(RelayHandler other) {
    peer = other.channel;
    peerGate = other.gate;
    gate.read();
  }

  /** Reads on and throws away, so that closing does not reset what was written last. */
  void discard() {
    discarding = true;
    gate.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    Channel to = peer;
    if (to == null || !to.isActive()) {
      ReferenceCountUtil.release(read);
      return;
    }
    link.moved(side, ((ByteBuf) read).readableBytes());
    to.write(read, to.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Channel to = peer;
    if (to != null) {
      to.flush();
      if (hasUnwritten(to) && Loops.directMemoryTight()) {
        gate.hold(ReadGate.Reason.MEMORY);
        to.writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(written -> gate.release(ReadGate.Reason.MEMORY));
      }
      gate.read();
    } else if (discarding) {
      gate.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ReadGate other = peerGate;
    if (other != null) {
      if (channel.isWritable()) {
        link.progressed();
        other.release(ReadGate.Reason.PEER_FULL);
      } else {
        other.hold(ReadGate.Reason.PEER_FULL);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      if (peer == null && !discarding) {
        link.lost(side);
      } else {
        link.finished(side);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    link.lost(side);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    link.failed(side, cause);
  }

  /** Whether anything written to a channel is not with the kernel yet. */
  static boolean hasUnwritten(Channel channel) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting != null && !waiting.isEmpty();
  }
}
