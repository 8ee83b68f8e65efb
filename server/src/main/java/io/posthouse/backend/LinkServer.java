package io.posthouse.backend;

import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.door.Status.EdgeStatus;
import io.posthouse.door.Status.LinkCounts;
import io.posthouse.model.VirtualServer;
import io.posthouse.net.Acceptor;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.Loop;
import java.util.List;

/** One virtual server at work, whatever its mode: it takes the links of its listeners. */
public interface LinkServer extends Acceptor {
  /**
   * Takes an accepted link, as {@link #accepted} does, of a client that is known already: nothing
   * that it says of itself by the PROXY protocol is waited for.
   */
  void accepted(Loop loop, EpollSocketChannel channel, ClientIdentity client);

  /** The settings that the next link is served with. */
  VirtualServer settings();

  /** What the clients of each class are served with. */
  Routes routes();

  /** Links now and since it was first configured. */
  LinkCounts counts();

  /** What edge checks came to so far; none in mode tcp. */
  default List<EdgeStatus> edgeChecks() {
    return List.of();
  }

  /** Links open now. */
  int open();

  /** Ends what members' connections carry now. From any thread; returns before it is done. */
  void cut(MemberConnections member);

  /** Cuts every link. From any thread; returns before it is done. */
  void cutAll();

  /** Lets each link end as soon as it can without losing anything. From any thread. */
  void finish();
}
