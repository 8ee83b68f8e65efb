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
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A small SMTP server that misbehaves at one step, one virtual thread a link. */
final class ScriptedServer implements AutoCloseable {

  /** What it does at its step instead of answering. */
  enum Fault {
    NONE,
    SILENT_BANNER,
    CLOSE_AT_BANNER,
    GARBAGE_BANNER,
    REFUSE_EHLO,
    NO_STARTTLS,
    REFUSE_STARTTLS,
    INJECT_AFTER_STARTTLS,
    RESET_IN_HANDSHAKE,
    CLOSE_IN_HANDSHAKE,
    SILENT_HANDSHAKE,
    NO_HANDSHAKE,
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
  private final TlsLoad.@Nullable Start tls;
  private final SSLContext context;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bodyBytes = new AtomicLong();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger links = new AtomicInteger();

  /** One without TLS. */
  ScriptedServer(Fault fault, String address) throws Exception {
    this(fault, address, null, SSLContext.getDefault());
  }

  ScriptedServer(Fault fault, String address, TlsLoad.@Nullable Start tls, SSLContext context)
      throws IOException {
    this.fault = fault;
    this.tls = tls;
    this.context = context;
    this.listener = new ServerSocket(0, 1_000, InetAddress.ofLiteral(address));
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  int messages() {
    return messages.get();
  }

  long bodyBytes() {
    return bodyBytes.get();
  }

  int links() {
    return links.get();
  }

  /** Whether a client will run into its time-out. */
  boolean isSilent() {
    return fault == Fault.SILENT_BANNER
        || fault == Fault.SILENT_DATA
        || fault == Fault.SILENT_HANDSHAKE;
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
      Socket talk = tls == TlsLoad.Start.IMPLICIT ? secure(socket) : socket;
      if (fault == Fault.SILENT_BANNER) {
        reader(talk).readLine();
        return;
      }
      say(talk, fault == Fault.GARBAGE_BANNER ? "SSH-2.0-x" : "220 here");
      talk(talk);
    } catch (IOException e) {
      // A client that resets is what some tests want.
      open.remove(socket);
    } finally {
      open.remove(socket);
    }
  }

  private void talk(Socket socket) throws IOException {
    BufferedReader in = reader(socket);
    String line = in.readLine();
    while (line != null && obey(socket, in, line.toUpperCase(Locale.ROOT))) {
      line = in.readLine();
    }
  }

  /** The server's side of a handshake, or what the fault has in its place. */
  private Socket secure(Socket plain) throws IOException {
    if (fault == Fault.NO_HANDSHAKE) {
      say(plain, "220 this is no TLS");
    }
    if (fault.name().endsWith("_HANDSHAKE")) {
      // In the middle: the client has said its part.
      int first = plain.getInputStream().read();
      if (fault == Fault.SILENT_HANDSHAKE || fault == Fault.NO_HANDSHAKE) {
        awaitEnd();
      }
      if (fault == Fault.RESET_IN_HANDSHAKE) {
        plain.setSoLinger(true, 0);
      } else {
        // In order: what is left unread at the close would be answered with a reset.
        plain.shutdownOutput();
        plain.getInputStream().readAllBytes();
      }
      throw new IOException("no handshake after " + first);
    }
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 0, true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private boolean offersStartTls(Socket socket) {
    return tls == TlsLoad.Start.STARTTLS
        && fault != Fault.NO_STARTTLS
        && !(socket instanceof SSLSocket);
  }

  private boolean startTls(Socket socket) throws IOException {
    if (fault == Fault.REFUSE_STARTTLS) {
      say(socket, "454 not now");
      return true;
    }
    say(socket, fault == Fault.INJECT_AFTER_STARTTLS ? "220 go\r\n250 injected" : "220 go");
    Socket inner = secure(socket);
    talk(inner);
    inner.close();
    return false;
  }

  private boolean obey(Socket socket, BufferedReader in, String line) throws IOException {
    if (line.startsWith("EHLO")) {
      String offer = offersStartTls(socket) ? "250-STARTTLS\r\n" : "";
      say(
          socket,
          fault == Fault.REFUSE_EHLO ? "501 bad name" : "250-here\r\n" + offer + "250 PIPELINING");
    } else if (line.startsWith("STARTTLS")) {
      return startTls(socket);
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
      bodyBytes.addAndGet(line.length() + 2);
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
