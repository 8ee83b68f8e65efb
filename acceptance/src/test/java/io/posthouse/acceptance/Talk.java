package io.posthouse.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** One SMTP link, spoken by hand. */
final class Talk implements AutoCloseable {
  private static final int READ_MILLIS = 20_000;

  private final Socket socket;
  private final BufferedReader in;

  private Talk(Socket socket) throws IOException {
    this.socket = socket;
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  /** Connects and reads the banner. */
  static Talk to(String host, int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(READ_MILLIS);
      socket.connect(new InetSocketAddress(host, port), 5_000);
      Talk talk = new Talk(socket);
      talk.expect("220");
      return talk;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Waits until a server says its banner. */
  static void awaitBanner(String host, int port, Duration bound) {
    await()
        .atMost(bound)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          try (Talk talk = to(host, port)) {
            talk.ask("QUIT", "221");
            return true;
          }
        });
  }

  /** Sends a line and reads the reply, which must begin like this. */
  String ask(String line, String begin) throws IOException {
    say(line);
    return expect(begin);
  }

  /** Sends a line. */
  void say(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends octets as they are, one a char. */
  void send(String octets) throws IOException {
    socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends octets in pieces of random lengths, each in a packet of its own as far as possible. */
  void send(String octets, Random random) throws IOException {
    socket.setTcpNoDelay(true);
    for (int at = 0; at < octets.length(); ) {
      int end = Math.min(octets.length(), at + 1 + random.nextInt(1 << random.nextInt(12)));
      send(octets.substring(at, end));
      at = end;
    }
  }

  /** Reads all lines until the other side ends the link. */
  List<String> rest() {
    return in.lines().toList();
  }

  /** Reads a reply, which must begin like this. */
  String expect(String begin) throws IOException {
    String line;
    do {
      line = in.readLine();
    } while (line != null && line.length() > 3 && line.charAt(3) == '-');
    if (line == null || !line.startsWith(begin)) {
      throw new IOException("expected " + begin + ", got " + line);
    }
    return line;
  }

  /** Whether the other side has ended the link; waits for it. */
  boolean isEnded() {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
