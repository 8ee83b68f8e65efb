package io.posthouse.app;

import static io.posthouse.app.RunningHouse.line;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** A client that sends message after message, in all the ways that clients do. */
final class ChaosClient {
  /** What it sent and what it was told. */
  final Map<String, String> accepted = new HashMap<>();

  final Map<String, String> refused = new HashMap<>();
  int lostLinks;

  private final RunningHouse house;
  private final int number;
  private final SplittableRandom random;

  ChaosClient(RunningHouse house, int number, long seed) {
    this.house = house;
    this.number = number;
    this.random = new SplittableRandom(seed * 1_000 + number);
  }

  /** Sends as long as it may. */
  void run(BooleanSupplier goesOn) throws IOException {
    int sent = 0;
    while (goesOn.getAsBoolean()) {
      try (Socket link = house.connectFrom("127.0.0." + (2 + number), "mail")) {
        link.setSoTimeout(200_000);
        link.setTcpNoDelay(true);
        line(link);
        write(link, "EHLO client.example.net\r\n");
        lastLine(link);
        while (sent == 0 || goesOn.getAsBoolean()) {
          sent++;
          String said = send(link, "c%d-%d@example.org".formatted(number, sent));
          if (said.startsWith("421")) {
            break;
          }
        }
      } catch (IOException e) {
        lostLinks++;
      }
    }
  }

  /** Sends one message and returns what decided it. */
  private String send(Socket link, String sender) throws IOException {
    String body = body(sender);
    String said =
        switch (random.nextInt(3)) {
          case 0 -> plain(link, sender, body);
          case 1 -> pipelined(link, sender, body);
          default -> chunked(link, sender, body);
        };
    if (said.startsWith("250")) {
      accepted.put(sender, body);
    } else {
      refused.put(sender, said);
      write(link, "RSET\r\n");
      lastLine(link);
    }
    return said;
  }

  private String plain(Socket link, String sender, String body) throws IOException {
    for (String command : new String[] {mail(sender), "RCPT TO:<b@example.net>\r\n", "DATA\r\n"}) {
      write(link, command);
      String said = lastLine(link);
      if (said.charAt(0) > '3') {
        return said;
      }
    }
    write(link, body + ".\r\n");
    return lastLine(link);
  }

  private String pipelined(Socket link, String sender, String body) throws IOException {
    write(link, mail(sender) + "RCPT TO:<b@example.net>\r\nDATA\r\n");
    String[] said = {lastLine(link), lastLine(link), lastLine(link)};
    if (said[2].startsWith("354")) {
      write(link, body + ".\r\n");
      return lastLine(link);
    }
    return said[0].charAt(0) > '3' ? said[0] : said[1].charAt(0) > '3' ? said[1] : said[2];
  }

  private String chunked(Socket link, String sender, String body) throws IOException {
    int half = body.length() / 2;
    write(link, mail(sender) + "RCPT TO:<b@example.net>\r\n");
    String[] said = {lastLine(link), lastLine(link)};
    if (said[0].charAt(0) > '3' || said[1].charAt(0) > '3') {
      return said[0].charAt(0) > '3' ? said[0] : said[1];
    }
    write(link, "BDAT " + half + "\r\n" + body.substring(0, half));
    String first = lastLine(link);
    if (first.charAt(0) > '3') {
      return first;
    }
    write(link, "BDAT " + (body.length() - half) + " LAST\r\n" + body.substring(half));
    return lastLine(link);
  }

  private static String mail(String sender) {
    return "MAIL FROM:<" + sender + ">\r\n";
  }

  private String body(String sender) {
    int lines = random.nextInt(10) == 0 ? random.nextInt(1_500) : random.nextInt(60);
    StringBuilder body = new StringBuilder("Subject: " + sender + "\r\n\r\n");
    for (int i = 0; i < lines; i++) {
      body.append((char) ('a' + random.nextInt(26))).append(random.nextLong()).append("\r\n");
    }
    return body.toString();
  }

  private static void write(Socket link, String text) throws IOException {
    link.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String lastLine(Socket link) throws IOException {
    String last;
    do {
      last = line(link);
    } while (last.length() > 3 && last.charAt(3) == '-');
    return last;
  }
}
