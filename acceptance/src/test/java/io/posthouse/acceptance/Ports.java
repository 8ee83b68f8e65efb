package io.posthouse.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports, below those that the kernel gives to outgoing connections: one of these could be
 * taken before the daemon that is told to listen there has done so.
 */
final class Ports {
  private static final int FIRST = 12_000;
  private static final int BELOW = 32_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(FIRST + (int) (ProcessHandle.current().pid() * 64 % 16_000));

  private Ports() {}

  /** A port that is free on 127.0.0.1 and ::1. */
  static int free() {
    for (int tries = 0; tries < BELOW - FIRST; tries++) {
      int port = NEXT.getAndUpdate(last -> last + 1 < BELOW ? last + 1 : FIRST);
      if (isFree("127.0.0.1", port) && isFree("::1", port)) {
        return port;
      }
    }
    throw new AssertionError("no free port from " + FIRST + " to " + BELOW);
  }

  private static boolean isFree(String address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
