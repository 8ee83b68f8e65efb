package io.posthouse.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLSocket;

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
    return from(new InetSocketAddress(0), host, port);
  }

  /** The same from an address of one's own. */
  static Talk from(String source, String host, int port) throws IOException {
    return from(new InetSocketAddress(source, 0), host, port);
  }

  private static Talk from(InetSocketAddress source, String host, int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.bind(source);
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

  /** Connects and does not wait for a banner. */
  static Talk silently(String host, int port) throws IOException {
    Socket socket = new Socket(host, port);
    socket.setSoTimeout(READ_MILLIS);
    return new Talk(socket);
  }

  /** Connects in TLS, whatever the certificate, and reads the banner. */
  static Talk inTls(String host, int port) throws IOException {
    Socket plain = new Socket();
    try {
      plain.setSoTimeout(READ_MILLIS);
      plain.connect(new InetSocketAddress(host, port), 5_000);
      Talk talk = new Talk(secured(plain));
      talk.expect("220");
      return talk;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Says STARTTLS; goes on in TLS, whatever the certificate. */
  Talk startTls() throws IOException {
    ask("STARTTLS", "220");
    return new Talk(secured(socket));
  }

  private static SSLSocket secured(Socket socket) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            AnyCertificate.sockets()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    secured.startHandshake();
    return secured;
  }

  /** The certificate that the other side has shown. */
  X509Certificate certificate() throws IOException {
    return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
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

  /** Sends each octet in a packet of its own as far as possible, until the other side is gone. */
  void sendInOctets(String octets) throws IOException {
    socket.setTcpNoDelay(true);
    try {
      for (int i = 0; i < octets.length(); i++) {
        send(octets.substring(i, i + 1));
      }
    } catch (SocketException gone) {
      return;
    }
  }

  /** Sends nothing any more. */
  void endSending() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads all lines until the other side ends the link, or resets it. */
  List<String> rest() throws IOException {
    List<String> lines = new ArrayList<>();
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (SocketException reset) {
      lines.add(reset.toString());
    }
    return lines;
  }

  /** Says EHLO and returns all lines of the answer. */
  List<String> hello() throws IOException {
    say("EHLO client.acceptance.test");
    return reply("250");
  }

  /** Sends a mail in one transaction and returns the answer to its end. */
  String mail(String from, String to, String messageId) throws IOException {
    ask("MAIL FROM:<" + from + ">", "250");
    ask("RCPT TO:<" + to + ">", "250");
    ask("DATA", "354");
    return ask(
        "Message-Id: <" + messageId + ">\r\n\r\nA mail of the acceptance tests.\r\n.", "250");
  }

  /** Reads a reply, which must begin like this, and returns its last line. */
  String expect(String begin) throws IOException {
    return reply(begin).getLast();
  }

  private List<String> reply(String begin) throws IOException {
    List<String> lines = new ArrayList<>();
    String line;
    do {
      line = in.readLine();
      lines.add(String.valueOf(line));
    } while (line != null && line.length() > 3 && line.charAt(3) == '-');
    if (line == null || !line.startsWith(begin)) {
      throw new IOException("expected " + begin + ", got " + line);
    }
    return lines;
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
