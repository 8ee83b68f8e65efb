package io.posthouse.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A small SMTP server that misbehaves at one step, one virtual thread a link. */
final class ScriptedServer implements AutoCloseable {

  /** What it does at its step instead of answering. */
  enum Fault {
    NONE,
    SILENT_BANNER,
    CLOSE_AT_BANNER,
    GARBAGE_BANNER,
    REFUSE_EHLO,
    BUSY_AT_MAIL,
    REFUSE_RCPT,
    REFUSE_DATA,
    SILENT_DATA,
    RESET_IN_BODY,
    REPLY_IN_BODY,
    CLOSE_AFTER_DOT,
    REFUSE_AFTER_DOT,
    CLOSE_AT_QUIT
  }

  private final ServerSocket listener;
  private final Fault fault;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger messages = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger links = new AtomicInteger();

  ScriptedServer(Fault fault, String address) throws IOException {
    this.fault = fault;
    this.listener = new ServerSocket(0, 1_000, InetAddress.ofLiteral(address));
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  int messages() {
    return messages.get();
  }

  int links() {
    return links.get();
  }

  /** Whether a client will run into its time-out. */
  boolean isSilent() {
    return fault == Fault.SILENT_BANNER || fault == Fault.SILENT_DATA;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        links.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // Closed at the end of the test.
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      if (fault == Fault.CLOSE_AT_BANNER) {
        return;
      }
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      if (fault == Fault.SILENT_BANNER) {
        in.readLine();
        return;
      }
      say(socket, fault == Fault.GARBAGE_BANNER ? "SSH-2.0-x" : "220 here");
      String line = in.readLine();
      while (line != null && obey(socket, in, line.toUpperCase(Locale.ROOT))) {
        line = in.readLine();
      }
    } catch (IOException e) {
      // A client that resets is what some tests want.
      open.remove(socket);
    } finally {
      open.remove(socket);
    }
  }

  private boolean obey(Socket socket, BufferedReader in, String line) throws IOException {
    if (line.startsWith("EHLO")) {
      say(socket, fault == Fault.REFUSE_EHLO ? "501 bad name" : "250-here\r\n250 PIPELINING");
    } else if (line.startsWith("MAIL")) {
      say(socket, fault == Fault.BUSY_AT_MAIL ? "421 4.3.2 busy" : "250 ok");
      return fault != Fault.BUSY_AT_MAIL;
    } else if (line.startsWith("RCPT")) {
      say(socket, fault == Fault.REFUSE_RCPT ? "550 5.1.1 nobody" : "250 ok");
    } else if (line.startsWith("DATA")) {
      return data(socket, in);
    } else if (line.startsWith("QUIT")) {
      if (fault != Fault.CLOSE_AT_QUIT) {
        say(socket, "221 bye");
      }
      return false;
    } else {
      say(socket, "500 what");
    }
    return true;
  }

  private boolean data(Socket socket, BufferedReader in) throws IOException {
    switch (fault) {
      case REFUSE_DATA -> {
        say(socket, "451 not now");
        return true;
      }
      case SILENT_DATA -> {
        return true;
      }
      default -> say(socket, "354 go on");
    }
    if (fault == Fault.RESET_IN_BODY || fault == Fault.REPLY_IN_BODY) {
      in.readLine();
      if (fault == Fault.REPLY_IN_BODY) {
        say(socket, "552 5.3.4 too big");
        // Reading on would let a client that is slow to look hand over its whole body first.
        awaitEnd();
        return false;
      }
      socket.setSoLinger(true, 0);
      return false;
    }
    String line = in.readLine();
    while (line != null && !line.equals(".")) {
      line = in.readLine();
    }
    if (fault == Fault.CLOSE_AFTER_DOT) {
      return false;
    }
    say(socket, fault == Fault.REFUSE_AFTER_DOT ? "554 5.7.1 spam" : "250 taken");
    messages.incrementAndGet();
    return true;
  }

  private void awaitEnd() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(Socket socket, String reply) throws IOException {
    socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    ended.countDown();
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
