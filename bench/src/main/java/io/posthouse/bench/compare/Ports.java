package io.posthouse.bench.compare;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports of 127.0.0.1 to listen on.
 *
 * <p>Below the range from which the kernel takes ports for outgoing connections: else a balancer
 * that is stopped and started again might find its port taken by a link of the load.
 */
final class Ports {

  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;

  private Ports() {}

  static InetSocketAddress free() throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    for (int i = 0; i < 200; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(loopback, port)) {
        return new InetSocketAddress(loopback, port);
      }
    }
    throw new IOException("no free port of 127.0.0.1 between " + FIRST + " and " + LAST);
  }

  private static boolean isFree(InetAddress loopback, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, loopback)) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    }
  }
}
