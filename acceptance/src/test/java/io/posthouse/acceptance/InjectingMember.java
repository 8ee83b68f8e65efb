package io.posthouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A member that says replies in plain behind its 220 to STARTTLS, as if they were said in TLS. */
final class InjectingMember implements AutoCloseable {
  private static final String INJECTED =
      "250-bad.acceptance.test\r\n250 SIZE 1000\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go\r\n250 2.0.0 Ok\r\n";

  private final ServerSocket listener;
  private final boolean onePacket;
  private final AtomicInteger injections = new AtomicInteger();
  private final Queue<String> heardBehind = new ConcurrentLinkedQueue<>();

  /** Starts it: the replies come in the packet of the 220, or in the next. */
  InjectingMember(boolean onePacket) throws IOException {
    this.onePacket = onePacket;
    listener = new ServerSocket(Ports.free(), 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  /** Its address and port. */
  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** How often it has done so. */
  int injections() {
    return injections.get();
  }

  /** Lines that came behind, TLS or not. */
  List<String> heardBehind() {
    return List.copyOf(heardBehind);
  }

  private void accept() {
    try {
      while (true) {
        Socket one = listener.accept();
        Thread.ofVirtual().start(() -> serve(one));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      say(socket, "220 bad.acceptance.test ESMTP\r\n");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        switch (line.split(" ", 2)[0]) {
          case "EHLO" -> say(socket, "250-bad.acceptance.test\r\n250 STARTTLS\r\n");
          case "STARTTLS" -> {
            inject(socket);
            in.lines().forEach(heardBehind::add);
          }
          case "QUIT" -> say(socket, "221 Bye\r\n");
          default -> say(socket, "250 Ok\r\n");
        }
      }
    } catch (IOException | UncheckedIOException gone) {
      return;
    }
  }

  private void inject(Socket socket) throws IOException {
    injections.incrementAndGet();
    if (onePacket) {
      say(socket, "220 Go on\r\n" + INJECTED);
    } else {
      say(socket, "220 Go on\r\n");
      say(socket, INJECTED);
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
