package io.posthouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server that stores each message before it says 250, and that dies, hangs, or is under
 * pressure when a test says so. What it has stored outlives its deaths.
 *
 * <p>Each connection has a virtual thread. A death is a moment: what was stored before it is
 * stored, nothing is stored after it, and every connection is reset.
 */
public final class StoringServer implements AutoCloseable {

  /** How it behaves, on each connection from its next step on. */
  public enum Conduct {
    /** As it should. */
    SERVE,
    /** Waits before each reply, then breaks off. */
    HANG,
    /** Back pressure at MAIL, as Exchange words it. */
    PRESSURE,
    /** Back pressure when it has the whole message, which it does not store. */
    PRESSURE_AT_END,
    /** Breaks off at MAIL. */
    DROP_AT_MAIL,
    /** Breaks off within a body. */
    DROP_IN_BODY,
    /** Breaks off when it has the whole message, which it does not store. */
    DROP_AT_END,
    /** Stores the message, then breaks off without a word. */
    STORE_AND_DROP
  }

  private final String name;
  private final Duration hang;
  private final int port;
  private final Map<String, List<String>> stored = new LinkedHashMap<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Conduct conduct = Conduct.SERVE;
  private @Nullable ServerSocket listening;
  private int life;

  /**
   * One on a free port of 127.0.0.1.
   *
   * @param hang how long it waits when it hangs
   */
  public StoringServer(String name, Duration hang) {
    this.name = name;
    this.hang = hang;
    this.port = listen(0);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Its port; the same in all its lives. */
  public int port() {
    return port;
  }

  /** How it behaves from now on; those that hang go on. */
  public synchronized void conduct(Conduct next) {
    conduct = next;
    notifyAll();
  }

  /** What it has stored: the bodies under each sender, as they came. */
  public synchronized Map<String, List<String>> stored() {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    stored.forEach((sender, bodies) -> copy.put(sender, List.copyOf(bodies)));
    return copy;
  }

  /** Resets every connection and listens no more, until {@link #restart}. */
  public synchronized void kill() {
    life++;
    try {
      if (listening != null) {
        listening.close();
        listening = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(LoopbackServer::reset);
    open.clear();
    notifyAll();
  }

  /** Listens again after a death. */
  public synchronized void restart() {
    if (listening == null) {
      listen(port);
    }
  }

  @Override
  public void close() {
    kill();
  }

  Conduct conduct() {
    return conduct;
  }

  /** Waits as long as it hangs; whether the connection goes on. */
  synchronized boolean passes(int ofLife) throws InterruptedException {
    if (conduct != Conduct.HANG) {
      return life == ofLife;
    }
    long end = System.nanoTime() + hang.toNanos();
    long left = hang.toNanos();
    while (conduct == Conduct.HANG && life == ofLife && left > 0) {
      wait(left / 1_000_000 + 1);
      left = end - System.nanoTime();
    }
    return conduct != Conduct.HANG && life == ofLife;
  }

  /** Stores a message, unless the server has died since the connection began. */
  synchronized boolean store(int ofLife, String sender, String body) {
    if (life != ofLife) {
      return false;
    }
    stored.computeIfAbsent(sender, s -> new ArrayList<>(1)).add(body);
    return true;
  }

  private synchronized int listen(int wanted) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress("127.0.0.1", wanted), 1024);
      listening = socket;
      int now = life;
      Thread.ofVirtual().name("storing-server").start(() -> accept(socket, now));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket socket, int ofLife) {
    while (!socket.isClosed()) {
      try {
        begin(socket.accept(), ofLife);
      } catch (IOException closed) {
        return;
      }
    }
  }

  private synchronized void begin(Socket connection, int ofLife) {
    if (life != ofLife) {
      LoopbackServer.reset(connection);
      return;
    }
    open.add(connection);
    Thread.ofVirtual()
        .start(() -> {
          StoringSession.serve(this, connection, ofLife);
          open.remove(connection);
        });
  }
}
