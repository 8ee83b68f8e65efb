package io.posthouse.admin;

import io.posthouse.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An HTTP peer that sends exactly what it is told. */
final class Peer implements AutoCloseable {
  final Socket socket;

  Peer(Endpoint server) throws IOException {
    socket = new Socket(server.host(), server.port());
    socket.setSoTimeout(20_000);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** All that comes until the server closes. */
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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
      return peer.rest();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
