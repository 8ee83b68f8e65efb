package io.posthouse.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * The first handler of a connection that we make: writes some octets before any other, TLS
 * included, once there is a connection, and leaves.
 *
 * <p>Whoever asked for the connection hears of it before the pipeline does, and may write then; so
 * it is the first write, or the connection, whichever comes first.
 */
public final class Preface extends ChannelDuplexHandler {
  private final byte[] octets;

  /** One that writes these octets; it takes the array as it is. */
  public Preface(byte[] octets) {
    this.octets = octets;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin(ctx);
    ctx.flush();
    ctx.fireChannelActive();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    begin(ctx);
    ctx.write(message, promise);
  }

  private void begin(ChannelHandlerContext ctx) {
    ctx.write(Unpooled.wrappedBuffer(octets), ctx.voidPromise());
    ctx.pipeline().remove(this);
  }
}
