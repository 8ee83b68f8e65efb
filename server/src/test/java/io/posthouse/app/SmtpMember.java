package io.posthouse.app;

import io.posthouse.testkit.LoopbackServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A member that speaks SMTP, and says what a test wants it to. */
final class SmtpMember implements AutoCloseable {
  static final String BANNER = "220 mx.example.net ESMTP";

  volatile String banner = BANNER;
  volatile String ehlo = "250-mx.example.net\r\n250-8BITMIME\r\n250 SMTPUTF8";
  volatile String mail = "250 ok";

  /** What it says of a whole message. */
  volatile String end = "250 ok";

  private final Queue<String> came = new ConcurrentLinkedQueue<>();
  private final Queue<String> verbs = new ConcurrentLinkedQueue<>();
  private final LoopbackServer server = LoopbackServer.with(this::serve);

  int port() {
    return server.port();
  }

  /** The address that each message came from, and its sender, in the order of MAIL. */
  List<String> came() {
    return List.copyOf(came);
  }

  /** The first word of each command, in the order of their coming. */
  List<String> verbs() {
    return List.copyOf(verbs);
  }

  private void serve(Socket client) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    say(client, banner);
    boolean body = false;
    String line;
    while ((line = lines.readLine()) != null) {
      if (body) {
        body = !line.equals(".");
        if (!body) {
          say(client, end);
        }
        continue;
      }
      verbs.add(line.split(" ", 2)[0]);
      if (line.startsWith("MAIL FROM:")) {
        String sender = line.substring("MAIL FROM:".length()).split(" ", 2)[0];
        came.add(client.getInetAddress().getHostAddress() + ' ' + sender);
      }
      body = line.equals("DATA");
      say(client, answer(line));
      if (line.equals("QUIT")) {
        return;
      }
    }
  }

  private String answer(String line) {
    if (line.startsWith("EHLO")) {
      return ehlo;
    } else if (line.startsWith("MAIL")) {
      return mail;
    }
    return line.equals("DATA") ? "354 go on" : "250 ok";
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a message through the virtual server VS; gives the reply that ended it. */
  static String mail(RunningHouse house, String sender) throws IOException {
    try (Socket client = house.connect("VS")) {
      RunningHouse.line(client);
      String line = RunningHouse.say(client, "EHLO client.example.org");
      while (line.startsWith("250-")) {
        line = RunningHouse.line(client);
      }
      for (String command :
          new String[] {
            "MAIL FROM:<" + sender + ">", "RCPT TO:<b@example.net>", "DATA", "hello\r\n."
          }) {
        line = RunningHouse.say(client, command);
        if (line.charAt(0) > '3') {
          return line;
        }
      }
      return line;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
