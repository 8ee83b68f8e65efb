package io.posthouse.testkit;

import io.posthouse.testkit.StoringServer.Conduct;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection to a {@link StoringServer}. */
final class StoringSession {
  private static final String OK = "250 2.0.0 Ok";

  private final StoringServer server;
  private final int life;
  private final InputStream in;
  private final OutputStream out;
  private final StringBuilder chunks = new StringBuilder();
  private String sender = "";

  private StoringSession(StoringServer server, Socket socket, int life) throws IOException {
    this.server = server;
    this.life = life;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Speaks until the end and closes. */
  static void serve(StoringServer server, Socket socket, int life) {
    try (socket) {
      new StoringSession(server, socket, life).run();
    } catch (IOException gone) {
      // The peer's matter, or ours after a death.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() throws IOException, InterruptedException {
    boolean on = say("220 " + server.name() + " ESMTP");
    while (on) {
      on = answer(line());
    }
  }

  private boolean answer(String line) throws IOException, InterruptedException {
    return switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
      case "EHLO" ->
          say("250-" + server.name() + "\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 8BITMIME");
      case "MAIL" -> mail(line);
      case "DATA" ->
          say("354 go on") && server.conduct() != Conduct.DROP_IN_BODY && complete(dotted());
      case "BDAT" -> chunk(line.split(" "));
      case "QUIT" -> {
        say("221 2.0.0 Bye");
        yield false;
      }
      case "HELO", "RCPT", "RSET", "NOOP" -> say(OK);
      default -> say("500 5.5.1 unknown command");
    };
  }

  private boolean mail(String line) throws IOException, InterruptedException {
    sender = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    chunks.setLength(0);
    return switch (server.conduct()) {
      case DROP_AT_MAIL -> false;
      case PRESSURE -> say("452 4.3.1 Insufficient system resources");
      default -> say(OK);
    };
  }

  private boolean chunk(String[] words) throws IOException, InterruptedException {
    if (server.conduct() == Conduct.DROP_IN_BODY) {
      return false;
    }
    byte[] octets = in.readNBytes(Integer.parseInt(words[1]));
    chunks.append(new String(octets, StandardCharsets.ISO_8859_1));
    return words.length > 2 ? complete(chunks.toString()) : say(OK);
  }

  private boolean complete(String body) throws IOException, InterruptedException {
    return switch (server.conduct()) {
      case DROP_AT_END -> false;
      case PRESSURE_AT_END -> say("452 4.3.1 Insufficient system resources");
      case STORE_AND_DROP -> {
        server.store(life, sender, body);
        yield false;
      }
      default -> server.passes(life) && server.store(life, sender, body) && say(OK);
    };
  }

  private boolean say(String reply) throws IOException, InterruptedException {
    if (!server.passes(life)) {
      return false;
    }
    out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return true;
  }

  private String dotted() throws IOException {
    StringBuilder body = new StringBuilder();
    for (String line = line(); !line.equals("."); line = line()) {
      body.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    return body.toString();
  }

  /** A line up to CR LF, without it. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder(80);
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      int before = line.length() - 1;
      if (octet == '\n' && before >= 0 && line.charAt(before) == '\r') {
        line.setLength(before);
        return line.toString();
      }
      line.append((char) octet);
    }
    throw new EOFException();
  }
}
