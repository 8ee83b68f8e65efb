package io.posthouse.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import io.posthouse.smtp.ReplyParser;
import io.posthouse.smtp.session.ServerSide;
import java.io.IOException;
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
  private final Loop loop;
  private final EpollSocketChannel channel;
  private final ServerSide server = new ServerSide();
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

  /** A connection about to be made for an owner. */
  public BackendConnection(
      BackendPool pool,
      MemberConnections member,
      Loop loop,
      EpollSocketChannel channel,
      Owner owner) {
    this.pool = pool;
    this.member = member;
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
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
    return channel.isActive() && !unread && pool.keeps(member);
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
    channel.close();
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
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      lost("the member closed the connection");
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
    if (now == null || cause instanceof IOException) {
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
