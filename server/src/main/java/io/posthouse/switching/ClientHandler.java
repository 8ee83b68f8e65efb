package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;

/** The client's channel: what happens there, told to its link. */
final class ClientHandler extends ChannelInboundHandlerAdapter {
  private final SmtpLink link;
  private final ClientReader reader;

  ClientHandler(SmtpLink link, ClientReader reader) {
    this.link = link;
    this.reader = reader;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    reader.take((ByteBuf) read);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    link.begin();
    link.end();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    link.clientWritable();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE || event instanceof SslCloseCompletionEvent) {
      reader.ended();
    } else if (event instanceof SslHandshakeCompletionEvent handshake) {
      link.handshakeEnded(handshake.isSuccess());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    link.clientLost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      link.clientLost();
      ctx.close();
    } else {
      link.bug(cause);
    }
  }
}
