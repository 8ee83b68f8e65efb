package io.posthouse.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for whoever must know one before it listens, or listens on it again: below those that the
 * kernel gives to outgoing connections, one of which could take it in between.
 */
public final class FreePorts {
  private static final int FIRST = 10_000;
  private static final int BELOW = 32_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(FIRST + (int) (ProcessHandle.current().pid() * 64 % (BELOW - FIRST)));

  private FreePorts() {}

  /**
   * A port that nobody listens on, on whatever address; another one each time, until all had their
   * turn.
   */
  public static int next() {
    for (int tries = 0; tries < BELOW - FIRST; tries++) {
      int port = NEXT.getAndUpdate(last -> last + 1 < BELOW ? last + 1 : FIRST);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(port));
        return port;
      } catch (IOException taken) {
        // The next one.
      }
    }
    throw new AssertionError("no free port from " + FIRST + " to " + BELOW);
  }
}
