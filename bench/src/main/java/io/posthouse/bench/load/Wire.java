package io.posthouse.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One socket of a peer and its registration, in plain until {@link #startTls}. */
final class Wire {

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Peer peer;
  private @Nullable TlsLayer tls;

  private Wire(SocketChannel channel, Selector selector, Peer peer) throws IOException {
    this.channel = channel;
    this.peer = peer;
    this.key = channel.register(selector, SelectionKey.OP_CONNECT, this);
  }

  /** Starts to connect. */
  static Wire connect(Selector selector, LoadPlan plan, Peer peer) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      InetSocketAddress source = plan.sources().next();
      if (source != null) {
        channel.bind(source);
      }
      // Even a connect that is over at once is reported through finishConnect: one path only.
      channel.connect(plan.target());
      return new Wire(channel, selector, peer);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  Peer peer() {
    return peer;
  }

  /** Whether the connect is over now; from then on the wire reports what can be read. */
  boolean finishConnect() throws IOException {
    if (!channel.finishConnect()) {
      return false;
    }
    key.interestOps(SelectionKey.OP_READ);
    return true;
  }

  boolean isReadable() {
    return key.isReadable();
  }

  /** From now on nothing goes in plain; the handshake begins with {@link #handshake}. */
  void startTls(TlsClient client, int slot) throws IOException {
    tls = client.open(channel, slot);
  }

  /** Whether TLS was started. */
  boolean isTls() {
    return tls != null;
  }

  /**
   * Goes on with the handshake, and asks to be told when it can go on further.
   *
   * @return whether it is done
   */
  boolean handshake() throws IOException {
    boolean done = tls != null && tls.handshake();
    await(!isFlushed());
    return done;
  }

  /** Whether the handshake that is done resumed a session. */
  boolean isResumed() {
    return tls != null && tls.isResumed();
  }

  int read(ByteBuffer into) throws IOException {
    return tls == null ? channel.read(into) : tls.read(into);
  }

  /** Writes what the kernel takes and asks to be told when it takes more. */
  int write(ByteBuffer from) throws IOException {
    int written = tls == null ? channel.write(from) : tls.write(from);
    await(from.hasRemaining() || !isFlushed());
    return written;
  }

  /** Whether the kernel has all that {@link #write} took. */
  boolean isFlushed() {
    return tls == null || tls.isFlushed();
  }

  private void await(boolean roomToWrite) {
    int wanted = roomToWrite ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  /** Asks to be told only when there is room to write, so that nothing is ever read. */
  void writeOnly(boolean on) {
    key.interestOps(on ? SelectionKey.OP_WRITE : 0);
  }

  void close() {
    if (tls != null) {
      tls.close();
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The socket is gone either way, and the failure that led here is counted already.
      key.cancel();
    }
  }

  /** Closes with a reset. */
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // The other side was first; then there is nothing left to reset.
      key.cancel();
    }
    close();
  }
}
