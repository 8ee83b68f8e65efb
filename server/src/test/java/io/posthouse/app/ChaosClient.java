package io.posthouse.app;

import java.io.IOException;
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
      try (MailLink link = MailLink.from("127.0.0." + (2 + number), house)) {
        link.socket().setSoTimeout(200_000);
        link.say("EHLO client.example.net");
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
  private String send(MailLink link, String sender) throws IOException {
    String body = body(sender);
    String said =
        switch (random.nextInt(3)) {
          case 0 -> link.send(sender, body + ".\r\n");
          case 1 -> pipelined(link, sender, body);
          default -> chunked(link, sender, body);
        };
    if (said.startsWith("250")) {
      accepted.put(sender, body);
    } else {
      refused.put(sender, said);
      link.say("RSET");
    }
    return said;
  }

  private String pipelined(MailLink link, String sender, String body) throws IOException {
    link.write(mail(sender) + "RCPT TO:<b@example.net>\r\nDATA\r\n");
    String[] said = {link.reply(), link.reply(), link.reply()};
    if (said[2].startsWith("354")) {
      link.write(body + ".\r\n");
      return link.reply();
    }
    return said[0].charAt(0) > '3' ? said[0] : said[1].charAt(0) > '3' ? said[1] : said[2];
  }

  private String chunked(MailLink link, String sender, String body) throws IOException {
    int half = body.length() / 2;
    link.write(mail(sender) + "RCPT TO:<b@example.net>\r\n");
    String[] said = {link.reply(), link.reply()};
    if (said[0].charAt(0) > '3' || said[1].charAt(0) > '3') {
      return said[0].charAt(0) > '3' ? said[0] : said[1];
    }
    link.write("BDAT " + half + "\r\n" + body.substring(0, half));
    String first = link.reply();
    if (first.charAt(0) > '3') {
      return first;
    }
    link.write("BDAT " + (body.length() - half) + " LAST\r\n" + body.substring(half));
    return link.reply();
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
}
