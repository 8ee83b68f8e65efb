package io.posthouse.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.posthouse.proxyprotocol.HeaderReader;
import io.posthouse.proxyprotocol.HeaderVerdict;
import io.posthouse.proxyprotocol.ProxyHeader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a link whose peer is believed: takes a PROXY protocol header (versions 1 and
 * 2) off its front before anybody else sees an octet, TLS included, and before anything is said.
 *
 * <p>The header is a must: whether there is one is never guessed (proxy-protocol.txt section 5).
 * Whoever brings none, or a bad one, or takes too long, is closed without a word. That the peer is
 * one that is believed is for the caller to know, before it opens the gate.
 *
 * <p>A read may bring more than the header. The rest waits in a field until the read is complete,
 * and goes on then.
 */
public final class ProxyGate extends ChannelInboundHandlerAdapter {
  /** How long a header may take; proxy-protocol.txt section 2 asks for 3 s at least. */
  public static final long TIMEOUT_MILLIS = 10_000;

  private final Loop loop;
  private final EpollSocketChannel channel;
  private final Consumer<ClientIdentity> then;
  private final Consumer<String> refused;
  private final Timeout deadline;
  private final HeaderReader reader = new HeaderReader();
  private @Nullable HeaderVerdict verdict;
  private @Nullable ByteBuf rest;
  private boolean over;

  private ProxyGate(
      Loop loop,
      EpollSocketChannel channel,
      long timeoutMillis,
      Consumer<ClientIdentity> then,
      Consumer<String> refused) {
    this.loop = loop;
    this.channel = channel;
    this.then = then;
    this.refused = refused;
    this.deadline =
        new Timeout() {
          @Override
          protected void expired(long tick) {
            refuse("no header within " + timeoutMillis + " ms");
          }
        };
  }

  /**
   * Joins a link that was just accepted to its loop and waits for its header; on that loop. Exactly
   * one of the two is called back, later.
   *
   * @param then takes the link over: it adds its handlers to the pipeline's end before it returns,
   *     and what stands behind the header is read by them
   * @param refused hears in a few words why there is no link; its channel is closed. A channel that
   *     the caller closes meanwhile is told here too
   */
  public static void open(
      Loop loop,
      EpollSocketChannel channel,
      long timeoutMillis,
      Consumer<ClientIdentity> then,
      Consumer<String> refused) {
    ProxyGate gate = new ProxyGate(loop, channel, timeoutMillis, then, refused);
    LinkOptions.set(channel);
    channel.pipeline().addLast(gate);
    loop.eventLoop().register(channel);
    loop.arm(gate.deadline, timeoutMillis);
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    ByteBuf octets = (ByteBuf) read;
    while (verdict == null && octets.isReadable()) {
      verdict = reader.accept(octets.readByte());
    }
    if (octets.isReadable() && !(verdict instanceof HeaderVerdict.Refused)) {
      rest = octets;
    } else {
      octets.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    switch (verdict) {
      case null -> ctx.read();
      case HeaderVerdict.Refused(String reason) -> refuse(reason);
      case HeaderVerdict.Own() -> pass(ctx, own());
      case HeaderVerdict.Announced(ProxyHeader header) -> pass(ctx, announced(header));
    }
  }

  private ClientIdentity own() {
    return new ClientIdentity(channel.remoteAddress(), channel.localAddress(), false);
  }

  private static ClientIdentity announced(ProxyHeader header) {
    return new ClientIdentity(
        new InetSocketAddress(header.source(), header.sourcePort()),
        new InetSocketAddress(header.destination(), header.destinationPort()),
        true);
  }

  private void pass(ChannelHandlerContext ctx, ClientIdentity client) {
    if (over) {
      return;
    }
    over = true;
    loop.disarm(deadline);
    then.accept(client);
    ByteBuf behind = rest;
    rest = null;
    ctx.pipeline().remove(this);
    if (behind == null) {
      return;
    }
    if (channel.isActive()) {
      channel.pipeline().fireChannelRead(behind).fireChannelReadComplete();
    } else {
      behind.release();
    }
  }

  private void refuse(String reason) {
    if (over) {
      return;
    }
    over = true;
    loop.disarm(deadline);
    channel.close();
    refused.accept(reason);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      refuse("the connection ended before its header did");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    refuse("the connection was closed before its header ended");
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      refuse("the connection broke before its header ended");
    } else {
      ctx.fireExceptionCaught(cause); // A bug of whoever took the link over.
      ctx.close();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ByteBuf behind = rest;
    if (behind != null) {
      rest = null;
      behind.release();
    }
  }
}
