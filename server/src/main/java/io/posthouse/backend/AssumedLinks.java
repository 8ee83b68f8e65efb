package io.posthouse.backend;

import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.door.EventSink;
import io.posthouse.model.Endpoint;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.ListenException;
import io.posthouse.net.Listener;
import io.posthouse.net.Loop;
import io.posthouse.net.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Links of ours to a virtual server, served as if another client had begun them: everything behind
 * the accept is as for that client.
 *
 * <p>They come over a loopback port that lives as long as this. Whoever else connects to it is
 * reset. Blocking; from any thread.
 */
public final class AssumedLinks implements AutoCloseable {
  /** Where they come from and go to. */
  public static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final Set<InetSocketAddress> ours = ConcurrentHashMap.newKeySet();
  private final LinkLimit limit;
  private final LinkServer server;
  private final ClientIdentity client;
  private final Listener listener;

  private AssumedLinks(
      LinkServer server, ClientIdentity client, LinkLimit limit, Listener listener) {
    this.server = server;
    this.client = client;
    this.limit = limit;
    this.listener = listener;
  }

  /** Opens the port. */
  public static AssumedLinks open(
      LinkServer server, ClientIdentity client, Loops loops, LinkLimit limit, EventSink events)
      throws ListenException {
    Endpoint any = new Endpoint(LOOPBACK.getHostAddress(), 0);
    Listener listener = Listener.open(any, loops, limit, events, false);
    AssumedLinks links = new AssumedLinks(server, client, limit, listener);
    listener.serve(links::accepted);
    return links;
  }

  private void accepted(Loop loop, EpollSocketChannel channel) {
    if (ours.remove(channel.remoteAddress())) {
      server.accepted(loop, channel, client);
    } else {
      channel.unsafe().closeForcibly();
      limit.closed();
    }
  }

  /** Makes one link of a socket that is not bound yet; the caller closes it. */
  public void connect(Socket socket, int timeoutMillis) throws IOException {
    try {
      socket.bind(new InetSocketAddress(LOOPBACK, 0));
      ours.add((InetSocketAddress) socket.getLocalSocketAddress());
      Endpoint at = listener.address();
      socket.connect(new InetSocketAddress(at.host(), at.port()), timeoutMillis);
    } catch (IOException e) {
      ours.remove(socket.getLocalSocketAddress());
      throw e;
    }
  }

  /** Closes the port; links that were begun live on. */
  @Override
  public void close() {
    listener.close();
  }
}
