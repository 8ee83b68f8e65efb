package io.posthouse.app;

import io.posthouse.testkit.LoopbackServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A member that is told its clients by XCLIENT or by the PROXY protocol, version 1, and believes
 * everybody. For each message it notes the client that it was told last on that connection.
 */
final class AnnouncingMember implements AutoCloseable {
  /**
   * A message that it took.
   *
   * @param client what it was told last: the attributes of XCLIENT, or the line of PROXY
   * @param connection the number of its connection, from 1
   * @param sender the reverse path with its angle brackets
   * @param body as it came
   */
  record Taken(String client, int connection, String sender, String body) {}

  private final boolean proxy;
  private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch greets;
  private final LoopbackServer server;

  /**
   * One on a free port.
   *
   * @param proxy whether each connection begins with PROXY, else XCLIENT is offered
   */
  AnnouncingMember(boolean proxy) {
    this(proxy, new CountDownLatch(0));
  }

  /** One that lets everybody wait for its greeting. */
  AnnouncingMember(boolean proxy, CountDownLatch greets) {
    this.proxy = proxy;
    this.greets = greets;
    this.server = LoopbackServer.with(this::serve);
  }

  int port() {
    return server.port();
  }

  List<Taken> taken() {
    return List.copyOf(taken);
  }

  int connections() {
    return connections.get();
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    int connection = connections.incrementAndGet();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    String client = proxy ? line(in) : "";
    greets.await();
    say(socket, "220 mx.example.net ESMTP");
    String sender = "";
    while (true) {
      String line = line(in);
      String verb = line.split("[ :]", 2)[0];
      switch (verb) {
        case "EHLO" ->
            say(
                socket,
                proxy
                    ? "250-mx.example.net\r\n250-CHUNKING\r\n250 SIZE 1000000"
                    : "250-mx.example.net\r\n250-CHUNKING\r\n250 XCLIENT NAME ADDR PROTO HELO");
        case "XCLIENT" -> {
          client = line.substring("XCLIENT ".length());
          say(socket, "220 mx.example.net ESMTP");
        }
        case "MAIL" -> {
          sender = line.substring("MAIL FROM:".length()).split(" ", 2)[0];
          say(socket, "250 ok");
        }
        case "DATA" -> {
          say(socket, "354 go on");
          taken.add(new Taken(client, connection, sender, body(in)));
          say(socket, "250 ok");
        }
        case "BDAT" -> {
          String octets = new String(in.readNBytes(size(line)), StandardCharsets.ISO_8859_1);
          taken.add(new Taken(client, connection, sender, octets));
          say(socket, "250 ok");
        }
        case "QUIT" -> {
          say(socket, "221 bye");
          return;
        }
        default -> say(socket, "250 ok");
      }
    }
  }

  private static int size(String bdat) {
    return Integer.parseInt(bdat.split(" ", 3)[1]);
  }

  private static String body(InputStream in) throws IOException {
    StringBuilder body = new StringBuilder();
    for (String line = line(in); !line.equals("."); line = line(in)) {
      body.append(line).append("\r\n");
    }
    return body.toString();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int octet;
    while ((octet = in.read()) != '\n') {
      if (octet < 0) {
        throw new IOException("ended after '" + line + "'");
      }
      line.append((char) octet);
    }
    return line.toString().stripTrailing();
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    server.close();
  }
}
