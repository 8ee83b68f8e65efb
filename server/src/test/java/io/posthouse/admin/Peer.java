package io.posthouse.admin;

import io.posthouse.model.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP peer that sends exactly what it is told. */
final class Peer implements AutoCloseable {
  private static final Pattern LENGTH =
      Pattern.compile("(?i)^content-length: *([0-9]+)", Pattern.MULTILINE);
  private final Socket socket;

  Peer(Endpoint server) throws IOException {
    socket = new Socket(server.host(), server.port());
    socket.setSoTimeout(3_000);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** One answer, header and body; less when the server closes. */
  String answer() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int octet = in.read();
      if (octet < 0) {
        return head.toString(StandardCharsets.UTF_8);
      }
      head.write(octet);
    }
    Matcher length = LENGTH.matcher(head.toString(StandardCharsets.ISO_8859_1));
    int octets = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return head.toString(StandardCharsets.UTF_8)
        + new String(in.readNBytes(octets), StandardCharsets.UTF_8);
  }

  /** Whether the server closed, by an end or a reset. */
  boolean isCutOff() {
    try {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {}
      return true;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** One request on a connection of its own; lines are further header lines. */
  static String ask(Endpoint server, String requestLine, String... lines) throws IOException {
    try (Peer peer = new Peer(server)) {
      StringBuilder text = new StringBuilder(requestLine + " HTTP/1.1\r\n");
      if (String.join("\n", lines).indexOf("Host:") < 0) {
        text.append("Host: ").append(server).append("\r\n");
      }
      for (String line : lines) {
        text.append(line).append("\r\n");
      }
      peer.send(text + "Connection: close\r\n\r\n");
      return peer.answer();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
