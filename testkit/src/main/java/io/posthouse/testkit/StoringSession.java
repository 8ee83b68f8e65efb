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

/** One connection to a {@link StoringServer}. It knows no recipient whose name is nobody. */
final class StoringSession {
  private static final String OK = "250 2.0.0 Ok";
  private static final String PRESSED = "452 4.3.1 Insufficient system resources";

  private final StoringServer server;
  private final int life;
  private final InputStream in;
  private final OutputStream out;
  private final int number;
  private final StringBuilder chunks = new StringBuilder();
  private String hello = "";
  private String sender = "";
  private int errors;
  private int errorsBefore;

  private StoringSession(StoringServer server, Socket socket, int life, int number)
      throws IOException {
    this.server = server;
    this.life = life;
    this.number = number;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Speaks until the end and closes. */
  static void serve(StoringServer server, Socket socket, int life, int number) {
    try (socket) {
      new StoringSession(server, socket, life, number).run();
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
      case "EHLO" -> {
        hello = line;
        yield say(
            "250-%s\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250 8BITMIME"
                .formatted(server.name()));
      }
      case "HELO" -> {
        hello = line;
        yield say(OK);
      }
      case "MAIL" -> mail(line);
      case "DATA" ->
          say("354 go on") && server.conduct() != Conduct.DROP_IN_BODY && complete(dotted());
      case "BDAT" -> chunk(line.split(" "));
      case "QUIT" -> {
        say("221 2.0.0 Bye");
        yield false;
      }
      case "RCPT" -> say(line.contains("<nobody@") ? "550 5.1.1 no such user" : OK);
      case "RSET", "NOOP" -> say(OK);
      default -> say("500 5.5.1 unknown command");
    };
  }

  private boolean mail(String line) throws IOException, InterruptedException {
    sender = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    chunks.setLength(0);
    errorsBefore = errors;
    return switch (server.conduct()) {
      case DROP_AT_MAIL -> false;
      case PRESSURE -> say(PRESSED);
      default -> say(OK);
    };
  }

  private boolean chunk(String[] words) throws IOException, InterruptedException {
    if (server.conduct() == Conduct.DROP_IN_BODY) {
      return false;
    }
    int count = Integer.parseInt(words[1]);
    byte[] octets = in.readNBytes(count);
    if (octets.length < count) {
      throw new EOFException();
    }
    chunks.append(new String(octets, StandardCharsets.ISO_8859_1));
    return words.length > 2 ? complete(chunks.toString()) : say(OK);
  }

  private boolean complete(String body) throws IOException, InterruptedException {
    return switch (server.conduct()) {
      case DROP_AT_END -> false;
      case PRESSURE_AT_END -> say(PRESSED);
      case STORE_AND_DROP -> {
        server.store(life, message(body));
        yield false;
      }
      default -> {
        boolean goesOn = server.passesEnd(life);
        if (goesOn && server.conduct() == Conduct.PRESSURE_AT_END) {
          yield say(PRESSED);
        }
        boolean taken = goesOn && server.store(life, message(body)) && say(OK);
        errors = 0;
        yield taken;
      }
    };
  }

  private StoringServer.Stored message(String body) {
    return new StoringServer.Stored(sender, hello, number, errorsBefore, body);
  }

  private boolean say(String reply) throws IOException, InterruptedException {
    if (!server.passes(life)) {
      return false;
    }
    if (reply.charAt(0) >= '4') {
      errors++;
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
