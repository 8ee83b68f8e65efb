package io.posthouse.net;

import io.netty.channel.epoll.EpollSocketChannel;

/** Takes the links that a listener accepts. */
@FunctionalInterface
public interface Acceptor {
  /**
   * Takes an accepted link that is not registered with its loop yet; called on that loop. From here
   * on the acceptor owns the channel.
   */
  void accepted(Loop loop, EpollSocketChannel client);
}
