package io.posthouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A peer whose behaviour is a piece of the test: every connection is given to it, on a virtual
 * thread of its own. Where octets matter and no protocol does; see {@link ScriptedServer} for the
 * other case.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final ServerSocket server;
  private final Service service;
  private final Thread acceptor;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();

  /** What is done with a connection; it is closed afterwards. */
  @FunctionalInterface
  public interface Service {
    /** Converses; reads wait 20 s at most. */
    void serve(Socket connection) throws IOException, InterruptedException;
  }

  private LoopbackServer(String address, int port, Service service) {
    this.service = service;
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(address, port), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = Thread.ofVirtual().name("loopback-server").unstarted(this::accept);
    acceptor.start();
  }

  /** A peer on a free port of 127.0.0.1. */
  public static LoopbackServer with(Service service) {
    return new LoopbackServer("127.0.0.1", 0, service);
  }

  /** A peer on an address literal; port 0 for a free one. */
  public static LoopbackServer on(String address, int port, Service service) {
    return new LoopbackServer(address, port, service);
  }

  /** A peer that sends a line with its name and then whatever it receives, up to the end. */
  public static LoopbackServer echo(String name) {
    return with(connection -> {
      connection
          .getOutputStream()
          .write((name + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      connection.getInputStream().transferTo(connection.getOutputStream());
    });
  }

  /** Its port. */
  public int port() {
    return server.getLocalPort();
  }

  /** Connections accepted since the start. */
  public int accepted() {
    return accepted.get();
  }

  /** Connections open now. */
  public int open() {
    return open.size();
  }

  /** What services threw; a connection that was reset is an exception too. */
  public Queue<Throwable> failures() {
    return failures;
  }

  /** Resets every connection that is open. */
  public void resetAll() {
    for (Socket each : open) {
      reset(each);
    }
  }

  /** Ends a connection with a reset instead of a clean end. */
  public static void reset(Socket connection) {
    try {
      connection.setSoLinger(true, 0);
      connection.close();
    } catch (IOException gone) {
      // Closed by somebody else.
    }
  }

  /** Ends everything; afterwards a connect to the port is refused. */
  @Override
  public void close() {
    try {
      server.close();
      acceptor.join();
      for (Socket each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        open.add(connection);
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      connection.setSoTimeout(PATIENCE_MILLIS);
      service.serve(connection);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | AssertionError e) {
      failures.add(e);
    } finally {
      open.remove(connection);
    }
  }
}
