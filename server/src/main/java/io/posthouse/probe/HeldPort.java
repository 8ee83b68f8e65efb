package io.posthouse.probe;

import io.posthouse.door.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A port of ours that is known before the connection that leaves from it: rules of the kernel can
 * name it. For one connection.
 */
public final class HeldPort implements AutoCloseable {
  private final DeadlineSocket socket;

  private HeldPort(DeadlineSocket socket) {
    this.socket = socket;
  }

  static HeldPort of(InetAddress own, Ticker ticker) throws IOException {
    DeadlineSocket socket = new DeadlineSocket(ticker);
    try {
      socket.bind(new InetSocketAddress(own, 0));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return new HeldPort(socket);
  }

  /** Its number. */
  public int number() {
    return socket.getLocalPort();
  }

  DeadlineSocket socket() {
    return socket;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // The descriptor is released all the same.
    }
  }
}
