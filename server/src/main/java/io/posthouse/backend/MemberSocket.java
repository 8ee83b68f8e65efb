package io.posthouse.backend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.posthouse.net.LinkOptions;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/** Sockets towards members: how they are made, from which address they connect, how they end. */
public final class MemberSocket {
  private static final ChannelOption<Integer> IPV6_TRANSPARENT =
      new IntegerUnixChannelOption("IPV6_TRANSPARENT", 41, 75);

  /**
   * What connect says when the fault is ours: out of ports, descriptors, memory or rights.
   * EADDRNOTAVAIL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, EACCES, EAGAIN of Linux's errno. A
   * client that opens enough links causes some of them, so they never count against a member.
   */
  private static final Pattern OUR_OWN = Pattern.compile("error\\(-(99|24|23|105|12|1|13|11)\\)");

  /** EADDRNOTAVAIL of connect; of bind, the address is not ours. */
  private static final Pattern NO_PORT = Pattern.compile("^connect.*error\\(-99\\)");

  private MemberSocket() {}

  /**
   * A channel that is not connected yet.
   *
   * @throws ChannelException when there is no descriptor for it
   */
  static EpollSocketChannel open(InetSocketAddress target) {
    EpollSocketChannel channel =
        new EpollSocketChannel(
            target.getAddress() instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET);
    LinkOptions.set(channel);
    channel.config().setConnectTimeoutMillis(0);
    return channel;
  }

  /**
   * Connects a channel that is registered.
   *
   * @param transparent whether the source address is the client's own
   */
  static ChannelFuture connect(EpollSocketChannel channel, BackendKey to, boolean transparent) {
    InetAddress source = to.source();
    if (source == null) {
      return channel.connect(to.target());
    }
    try {
      // The port is chosen when the target is known: each source has its ports once per target.
      channel.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
      if (transparent && source instanceof Inet6Address) {
        channel.config().setOption(IPV6_TRANSPARENT, 1);
      } else if (transparent) {
        channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
      }
    } catch (ChannelException noRight) {
      return channel.newFailedFuture(noRight);
    }
    return channel.connect(to.target(), new InetSocketAddress(source, 0));
  }

  /** Whether a connect failed for want of our own. */
  static boolean isOurOwn(String reason) {
    return OUR_OWN.matcher(reason).find();
  }

  /** Whether it failed because the source address had no port left. */
  static boolean isWithoutPort(String reason) {
    return NO_PORT.matcher(reason).find();
  }

  /** What a failure says. */
  static String reason(Throwable cause) {
    Throwable told =
        cause instanceof ChannelException && cause.getCause() != null ? cause.getCause() : cause;
    return String.valueOf(told.getMessage());
  }

  /** Closes a connection at once: past TLS, which would have its farewell first. */
  public static void abort(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      first.close();
    }
  }
}
