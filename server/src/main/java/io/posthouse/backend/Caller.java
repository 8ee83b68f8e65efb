package io.posthouse.backend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.Future;
import io.posthouse.balance.Choice;
import io.posthouse.health.SenderScope;
import org.jspecify.annotations.Nullable;

/** Who wants a connection. */
public interface Caller {
  /** Runs at once what comes back to the dial from its loop: an error of ours is the caller's. */
  default void guard(Runnable step) {
    step.run();
  }

  /** The handler of a connection about to be tried; asked anew for each. */
  ChannelHandler handler(EpollSocketChannel channel, MemberConnections member, BackendKey key);

  /**
   * What must succeed on a connection before it counts as made, within connect-timeout; a failure
   * of it is one of the member. Null for nothing.
   */
  default @Nullable Future<Channel> handshake(EpollSocketChannel channel) {
    return null;
  }

  /** Whether a member comes into question at all; one that does not is passed over. */
  default boolean wants(MemberConnections member) {
    return true;
  }

  /** What a member is told about the client; null for nothing. */
  default @Nullable Object identity() {
    return null;
  }

  /** What must stand first in the pipeline of a connection about to be tried; null for nothing. */
  default @Nullable ChannelHandler preface() {
    return null;
  }

  /** A kept connection to a member whose turn it is; null for none, then a new one is made. */
  default @Nullable BackendConnection warm(MemberConnections member, BackendKey key) {
    return null;
  }

  /** A kept connection serves; it brings its permit with it. */
  default void reused(BackendConnection connection, Choice<MemberConnections> choice) {
    throw new IllegalStateException("this caller keeps no connections");
  }

  /** Whose message it is; null for a link, of which nobody knows. */
  default @Nullable SenderScope scope() {
    return null;
  }

  /** A connection is there. */
  void connected(EpollSocketChannel channel, Choice<MemberConnections> choice);

  /** There is none. */
  void refused(Refusal why);
}
