package io.posthouse.net;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;

/** The right to connect from an address that is not ours (IP_TRANSPARENT). */
public final class TransparentRight {
  private TransparentRight() {}

  /** Whether this process has it: tried at a socket that leads nowhere. */
  public static boolean isGiven() {
    Epoll.ensureAvailability();
    EpollSocketChannel tried = new EpollSocketChannel();
    try {
      tried.config().setIpTransparent(true);
      return true;
    } catch (ChannelException refused) {
      return false;
    } finally {
      tried.unsafe().closeForcibly();
    }
  }
}
