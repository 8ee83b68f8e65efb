package io.posthouse.demo;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One client's dialogue with a demonstration server: RFC 5321 section 4.5.1's commands, no more.
 */
final class DemoDialogue {
  private static final int LONGEST_LINE = 2048;

  private final String name;
  private final InputStream in;
  private final OutputStream out;
  private final AtomicInteger messages;

  DemoDialogue(String name, Socket client, AtomicInteger messages) throws IOException {
    this.name = name;
    this.in = new BufferedInputStream(client.getInputStream());
    this.out = new BufferedOutputStream(client.getOutputStream());
    this.messages = messages;
  }

  void run() throws IOException {
    reply("220 " + name + " ESMTP Posthouse demonstration server");
    boolean open = true;
    while (open) {
      String line = line();
      String verb = line.length() < 4 ? line : line.substring(0, 4).toUpperCase(Locale.ROOT);
      switch (verb) {
        case "EHLO" -> reply("250-" + name, "250-PIPELINING", "250-8BITMIME", "250 SIZE 10485760");
        case "HELO" -> reply("250 " + name);
        case "MAIL", "RCPT", "RSET", "NOOP" -> reply("250 2.0.0 ok");
        case "VRFY" -> reply("252 2.5.2 send some mail");
        case "DATA" -> data();
        case "QUIT" -> {
          reply("221 2.0.0 " + name + " closing");
          open = false;
        }
        default -> reply("500 5.5.2 not known here");
      }
    }
  }

  private void data() throws IOException {
    reply("354 end with a dot on a line of its own");
    String line = line();
    while (!line.equals(".")) {
      line = line();
    }
    reply("250 2.0.0 accepted by " + name + " as number " + messages.incrementAndGet());
  }

  private void reply(String... lines) throws IOException {
    for (String line : lines) {
      out.write(line.getBytes(StandardCharsets.ISO_8859_1));
      out.write('\r');
      out.write('\n');
    }
    // A pipelining client has more to say: answer it all at once.
    if (in.available() == 0) {
      out.flush();
    }
  }

  /** A line without its end; the rest of one that is too long is dropped. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int octet = in.read();
    while (octet >= 0 && octet != '\n') {
      if (octet != '\r' && line.length() < LONGEST_LINE) {
        line.append((char) octet);
      }
      octet = in.read();
    }
    if (octet < 0) {
      throw new IOException("the client has left");
    }
    return line.toString();
  }
}
