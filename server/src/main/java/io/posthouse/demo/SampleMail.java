package io.posthouse.demo;

import io.posthouse.model.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends sample mail, all of it over one link. */
public final class SampleMail implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final BufferedReader in;
  private final OutputStream out;

  /**
   * Opens the link and says hello.
   *
   * @throws IOException when the server does not greet; the message says what it said
   */
  public SampleMail(Endpoint server) throws IOException {
    socket = new Socket(server.host(), server.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    out = socket.getOutputStream();
    expect(in, "220");
    say(out, "EHLO quickstart.invalid");
    expect(in, "250");
  }

  /**
   * Sends one message.
   *
   * @return the server's reply to it
   * @throws IOException when the server does not take it; the message says what it said
   */
  public String send(String from, String to, String subject) throws IOException {
    say(out, "MAIL FROM:<" + from + ">");
    expect(in, "250");
    say(out, "RCPT TO:<" + to + ">");
    expect(in, "250");
    say(out, "DATA");
    expect(in, "354");
    say(
        out,
        "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n\r\nA sample.\r\n.".formatted(from, to, subject));
    return expect(in, "250");
  }

  /** Says QUIT and closes the link. */
  @Override
  public void close() throws IOException {
    try (socket) {
      say(out, "QUIT");
      expect(in, "221");
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String expect(BufferedReader in, String code) throws IOException {
    String line = in.readLine();
    while (line != null && line.startsWith(code + "-")) {
      line = in.readLine();
    }
    if (line == null || !line.startsWith(code)) {
      throw new IOException("expected " + code + " but got " + (line == null ? "the end" : line));
    }
    return line;
  }
}
