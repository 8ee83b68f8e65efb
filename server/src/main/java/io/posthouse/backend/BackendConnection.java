package io.posthouse.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.net.TlsConnector;
import io.posthouse.net.TlsFacts;
import io.posthouse.net.TlsFailure;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import io.posthouse.smtp.ReplyParser;
import io.posthouse.smtp.session.MemberSecurity;
import io.posthouse.smtp.session.ServerSide;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a member that speaks SMTP: octets in, replies out, to the link that has it. It
 * outlives its links when it is kept.
 *
 * <p>Without an owner it rests: anything the member says then, but the answer to our RSET, ends it.
 * Its permit goes back when the channel is closed, and never before: until then the member counts
 * it too.
 */
public final class BackendConnection extends ChannelInboundHandlerAdapter {
  private static final long RESET_MILLIS = 20_000;
  private static final long FAREWELL_MILLIS = 2_000;

  /** Who has it now. All calls are on its loop. */
  public interface Owner {
    /** The member said something. */
    void replied(Reply reply);

    /** What was read so far has been dealt with. */
    void repliesEnded();

    /** The connection is lost; the owner has it no more. */
    void serverLost(String detail);

    /** What the member sent is no reply. */
    void serverMalformed(String detail);

    /** The TLS handshake is done. */
    void serverSecured();

    /** The TLS handshake failed, or the certificate is not the member's; it has it no more. */
    void serverNotSecured(String detail);

    /** Something of ours broke over what the member sent. */
    void bug(Throwable cause);

    /** It takes octets again, or none for now. */
    void serverWritabilityChanged();
  }

  private enum Rest {
    NONE,
    RESETTING,
    KEPT,
    LEAVING,
    CLOSED
  }

  private final BackendPool pool;
  private final MemberConnections member;
  private final BackendKey key;
  private final Loop loop;
  private final EpollSocketChannel channel;
  private final @Nullable TlsConnector tls;
  private final @Nullable String tlsName;
  private final ServerSide server;
  private final ReplyParser parser = new ReplyParser();
  private final Timeout deadline =
      new Timeout() {
        @Override
        protected void expired(long tick) {
          restIsOver();
        }
      };
  private @Nullable Owner owner;

  /** Whom the replies of this read went to, even if the last of them made it let go. */
  private @Nullable Owner told;

  private Rest rest = Rest.NONE;

  /** Whether octets stand behind the reply told last, which the next owner must not get. */
  private boolean unread;

  private @Nullable SslHandler secure;
  private @Nullable TlsFacts tlsFacts;

  /** A connection about to be made for an owner. */
  public BackendConnection(
      BackendPool pool,
      MemberConnections member,
      BackendKey key,
      Loop loop,
      EpollSocketChannel channel,
      Owner owner) {
    this.pool = pool;
    this.member = member;
    this.key = key;
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
    this.tls = pool.tls();
    this.tlsName = tls == null ? null : member.member().tlsName(tls.settings());
    this.server = new ServerSide(security(tls), pool.pool().authOverPlain());
    if (tls != null && tls.settings().implicit()) {
      startTls(tls);
    }
  }

  private static MemberSecurity security(@Nullable TlsConnector tls) {
    if (tls == null) {
      return MemberSecurity.PLAIN;
    } else if (tls.settings().implicit()) {
      return MemberSecurity.IMPLICIT;
    }
    return switch (tls.settings().mode()) {
      case OFF -> MemberSecurity.PLAIN;
      case OPTIONAL -> MemberSecurity.OPTIONAL;
      case REQUIRED, VERIFIED -> MemberSecurity.REQUIRED;
    };
  }

  private void startTls(TlsConnector with) {
    SslHandler handler = with.handler(channel.alloc(), member.member());
    secure = handler;
    channel.pipeline().addFirst(handler);
  }

  /** The member has said that it is ready for TLS: nothing else may have come with that. */
  public void secure() {
    TlsConnector with = tls;
    if (with == null) {
      throw new IllegalStateException("TLS with a member that is spoken to in plain");
    }
    if (unread) {
      // Whoever put it there wants it taken for what the member says inside TLS (CVE-2014-3556).
      malformed("octets behind its answer to STARTTLS");
    } else {
      startTls(with);
    }
  }

  /** What the handshake came to; null in plain. */
  public @Nullable TlsFacts tlsFacts() {
    return tlsFacts;
  }

  /** Whether its member would still be given work, and by the same pool. */
  public boolean isWelcome(BackendPool of) {
    return of == pool && channel.isActive() && pool.takesWork(member);
  }

  /** For whom it may be used again. */
  BackendKey key() {
    return key;
  }

  /** The loop it lives on. */
  public Loop loop() {
    return loop;
  }

  /** Its channel. */
  public EpollSocketChannel channel() {
    return channel;
  }

  /** The member at its other end. */
  public MemberConnections member() {
    return member;
  }

  /** What is known of the conversation. */
  public ServerSide server() {
    return server;
  }

  /** Begins to serve a link, after it was taken out of the kept ones. */
  public void serve(Owner next) {
    loop.disarm(deadline);
    rest = Rest.NONE;
    owner = next;
  }

  /** The owner gives it back for the next message, after RSET where a transaction is open. */
  public void keep(boolean reset) {
    owner = null;
    if (!mayBeKept()) {
      quit();
    } else if (reset) {
      rest = Rest.RESETTING;
      send("RSET\r\n");
      loop.arm(deadline, RESET_MILLIS);
    } else {
      rest();
    }
  }

  private boolean mayBeKept() {
    return channel.isActive()
        && !unread
        && !server.isUntold()
        && server.isAnnounced() == key.identity() instanceof Command.XClient // Else by a reload.
        && tls == pool.tls()
        && (tls == null || Objects.equals(tlsName, member.member().tlsName(tls.settings())))
        && pool.keeps(member);
  }

  private void rest() {
    if (!mayBeKept() || !member.idle().keep(this, pool.mostIdle(member, loop.nanos()))) {
      quit();
      return;
    }
    rest = Rest.KEPT;
    loop.arm(deadline, pool.idleMillis());
    pool.waiting().wakeFirst();
  }

  /**
   * The owner, or whoever took it out of the kept ones, has no use for it: QUIT where the member
   * listens to commands, and the end.
   */
  public void quit() {
    owner = null;
    if (rest == Rest.CLOSED || rest == Rest.LEAVING) {
      return;
    }
    if (server.greetsOnce()) {
      member.idle().greetOnce();
    }
    if (!channel.isActive() || !server.isAtCommand()) {
      close();
      return;
    }
    rest = Rest.LEAVING;
    send("QUIT\r\n");
    loop.arm(deadline, FAREWELL_MILLIS);
  }

  /** Ends it without a word; a body under way stays without its end. */
  public void close() {
    owner = null;
    rest = Rest.CLOSED;
    loop.disarm(deadline);
    if (secure == null || server.isAtCommand()) {
      channel.close();
    } else {
      // Past TLS, which would send what waits to be encrypted first: it might complete a body.
      MemberSocket.abort(channel);
    }
  }

  private void restIsOver() {
    if (rest == Rest.KEPT) {
      if (member.idle().remove(this)) {
        quit();
      }
    } else {
      close();
    }
  }

  private void send(String line) {
    channel.writeAndFlush(ByteBufUtil.writeAscii(channel.alloc(), line), channel.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    ByteBuf octets = (ByteBuf) read;
    try {
      while (octets.isReadable() && rest != Rest.CLOSED) {
        if (parser.accept(octets.readByte())) {
          unread = octets.isReadable();
          take(parser.take());
        }
      }
      if (rest == Rest.KEPT && parser.isMidway()) {
        endOfRest();
      }
    } catch (ReplyFormatException nonsense) {
      malformed(String.valueOf(nonsense.getMessage()));
    } finally {
      octets.release();
    }
  }

  private void take(Reply reply) {
    Owner now = owner;
    if (now != null) {
      told = now;
      now.replied(reply);
    } else if (rest == Rest.RESETTING && reply.severity() == 2) {
      loop.disarm(deadline);
      rest();
    } else {
      endOfRest();
    }
  }

  /** Something came that was not asked for, or the farewell. */
  private void endOfRest() {
    if (rest == Rest.KEPT && !member.idle().remove(this)) {
      return; // Somebody who took it out will see for himself.
    }
    close();
  }

  private void malformed(String detail) {
    Owner now = owner;
    close();
    if (now != null) {
      now.serverMalformed(detail);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Owner now = told;
    if (now != null) {
      told = null;
      now.repliesEnded();
    }
    if (rest != Rest.CLOSED) {
      channel.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Owner now = owner;
    if (now != null) {
      now.serverWritabilityChanged();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE || event instanceof SslCloseCompletionEvent) {
      lost("the member closed the connection");
    } else if (event instanceof SslHandshakeCompletionEvent handshake) {
      handshakeEnded(handshake);
    }
  }

  private void handshakeEnded(SslHandshakeCompletionEvent handshake) {
    Owner now = owner;
    if (now == null) {
      return;
    }
    SslHandler handler = secure;
    if (handshake.isSuccess() && handler != null) {
      tlsFacts = TlsFacts.of(handler.engine());
      now.serverSecured();
    } else {
      close();
      now.serverNotSecured(TlsFailure.text(handshake.cause()));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lost("the connection is closed");
    loop.disarm(deadline);
    pool.release(member);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Owner now = owner;
    if (now == null || cause instanceof IOException || cause instanceof DecoderException) {
      lost(String.valueOf(cause.getMessage()));
    } else {
      close();
      now.bug(cause);
    }
  }

  private void lost(String detail) {
    Owner now = owner;
    if (now != null) {
      close();
      now.serverLost(detail);
    } else if (rest != Rest.CLOSED) {
      endOfRest();
    }
  }
}
