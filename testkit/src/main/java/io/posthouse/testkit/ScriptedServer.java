package io.posthouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A peer that plays a script on every connection, and tells what happened on it.
 *
 * <pre>
 * S: 220 mx ESMTP     sends the line; \r and \n in it are sent as such, to put lines in one packet
 * raw: 220 half       sends it without a line end
 * C: EHLO .*          reads a line, which must match the expression
 * octets: 28          reads so many octets, whatever they are
 * starttls            begins the server side of TLS, with a self-signed certificate
 * pause: 200          waits for so many milliseconds
 * silence             says nothing until the client closes
 * stall               neither says nor reads anything until the server is closed
 * trickle: 220 slow   sends an octet every 20 ms until the client closes, over and over
 * flood: 250-x        sends the line without end until the client closes
 * halfclose           ends its own direction and reads on
 * reset               closes with a reset
 * close               ends its own direction, waits until the client closes; so does the script's end
 * </pre>
 *
 * <p>A line that the client sends where the script does not expect it is a problem of the
 * conversation; tests ask for them.
 */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket server;
  private final Thread acceptor;
  private final List<String> script;
  private final Supplier<TestCertificate> certificate;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingQueue<Conversation> finished = new LinkedBlockingQueue<>();
  private final AtomicInteger hung = new AtomicInteger();

  private ScriptedServer(
      InetAddress address, String script, Supplier<TestCertificate> certificate) {
    this.script = script.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    this.certificate = certificate;
    try {
      server = new ServerSocket();
      if (this.script.contains("stall")) {
        server.setReceiveBufferSize(64 * 1024);
      }
      server.bind(new InetSocketAddress(address, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = Thread.ofVirtual().name("scripted-server").unstarted(this::accept);
    acceptor.start();
  }

  /** A peer on a free port of 127.0.0.1. */
  public static ScriptedServer play(String script) {
    return playOn("127.0.0.1", script);
  }

  /** A peer on a free port of an address literal such as {@code ::1}. */
  public static ScriptedServer playOn(String address, String script) {
    return new ScriptedServer(literal(address), script, () -> TestCertificate.valid(90));
  }

  /** A peer on 127.0.0.1 that shows this certificate. */
  public static ScriptedServer play(String script, TestCertificate certificate) {
    return new ScriptedServer(literal("127.0.0.1"), script, () -> certificate);
  }

  /** Its port. */
  public int port() {
    return server.getLocalPort();
  }

  /** Its address, as it may stand in a configuration file. */
  public String host() {
    return server.getInetAddress().getHostAddress();
  }

  /** How many conversations have ended and were not asked for. */
  public int finished() {
    return finished.size();
  }

  /** How many conversations have come to silence or a stall. */
  public int hung() {
    return hung.get();
  }

  /** The next conversation that has ended, in the order of their ends; waits up to 20 s for it. */
  public Conversation next() {
    try {
      Conversation conversation = finished.poll(20, TimeUnit.SECONDS);
      if (conversation == null) {
        throw new AssertionError("no conversation has ended");
      }
      return conversation;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends everything; afterwards a connect to the port is refused. */
  @Override
  public void close() {
    try {
      server.close();
      // The kernel goes on listening until the thread in accept has let go.
      acceptor.join();
      for (Socket socket : open) {
        socket.close();
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
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> converse(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void converse(Socket socket) {
    ScriptPlayer player = new ScriptPlayer(socket, script, certificate, hung);
    player.run();
    open.remove(socket);
    finished.add(player.conversation());
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }
}
