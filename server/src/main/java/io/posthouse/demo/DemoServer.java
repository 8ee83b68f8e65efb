package io.posthouse.demo;

import io.posthouse.model.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A little SMTP server for demonstrations: accepts every message with its name in the reply and
 * throws it away. Only on loopback.
 */
public final class DemoServer implements AutoCloseable {
  private static final int SILENCE_MILLIS = 60_000;

  private final String name;
  private final ServerSocket socket;
  private final AtomicInteger messages = new AtomicInteger();

  private DemoServer(String name, ServerSocket socket) {
    this.name = name;
    this.socket = socket;
  }

  /** Starts a server of that name on a free port of 127.0.0.1. */
  public static DemoServer start(String name) throws IOException {
    DemoServer server =
        new DemoServer(name, new ServerSocket(0, 1000, InetAddress.ofLiteral("127.0.0.1")));
    Thread.ofVirtual().name(name).start(server::accept);
    return server;
  }

  /** Its name, as its replies give it. */
  public String name() {
    return name;
  }

  /** Where it listens. */
  public Endpoint address() {
    return new Endpoint("127.0.0.1", socket.getLocalPort());
  }

  /** Messages accepted so far. */
  public int messages() {
    return messages.get();
  }

  /** Stops listening; dialogues that run go on until their clients leave. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofVirtual().name(name + "-dialogue").start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setSoTimeout(SILENCE_MILLIS);
      new DemoDialogue(name, client, messages).run();
    } catch (IOException clientIsGone) {
      // A demonstration has nobody to tell.
    }
  }
}
