package io.posthouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
    /** Waits with the whole message in its hands; stores it and says so when it serves again. */
    HANG_AT_END,
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

  /**
   * A message that it stored.
   *
   * @param hello the EHLO or HELO line that its connection was greeted with last
   * @param connection the number of its connection, from 1
   * @param errorsBefore error replies on that connection since the message before, its own envelope
   *     left out
   * @param body as it came, dots unstuffed
   */
  public record Stored(
      String sender, String hello, int connection, int errorsBefore, String body) {}

  private final String name;
  private final Duration hang;
  private final int port;
  private final List<Stored> stored = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Conduct conduct = Conduct.SERVE;
  private @Nullable ServerSocket listening;
  private int life;
  private int hung;

  /**
   * One on a free port of 127.0.0.1, which it takes again after each death.
   *
   * @param hang how long it waits when it hangs
   */
  public StoringServer(String name, Duration hang) {
    this.name = name;
    this.hang = hang;
    this.port = listen(FreePorts.next());
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

  /** What it has stored so far. */
  public synchronized List<Stored> stored() {
    return List.copyOf(stored);
  }

  /** How many times it began to hang. */
  public synchronized int hung() {
    return hung;
  }

  /** Connections that it has accepted so far. */
  public int connections() {
    return connections.get();
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
  boolean passes(int ofLife) throws InterruptedException {
    return passes(ofLife, Conduct.HANG);
  }

  /** The same at the end of a message. */
  boolean passesEnd(int ofLife) throws InterruptedException {
    return passes(ofLife, Conduct.HANG_AT_END) && passes(ofLife);
  }

  private synchronized boolean passes(int ofLife, Conduct hanging) throws InterruptedException {
    if (conduct != hanging) {
      return life == ofLife;
    }
    hung++;
    long end = System.nanoTime() + hang.toNanos();
    long left = hang.toNanos();
    while (conduct == hanging && life == ofLife && left > 0) {
      wait(left / 1_000_000 + 1);
      left = end - System.nanoTime();
    }
    return conduct != hanging && life == ofLife;
  }

  /** Stores a message, unless the server has died since the connection began. */
  synchronized boolean store(int ofLife, Stored message) {
    if (life != ofLife) {
      return false;
    }
    stored.add(message);
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
    int number = connections.incrementAndGet();
    Thread.ofVirtual()
        .start(() -> {
          StoringSession.serve(this, connection, ofLife, number);
          open.remove(connection);
        });
  }
}
