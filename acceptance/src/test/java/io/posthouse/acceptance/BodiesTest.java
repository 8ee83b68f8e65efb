package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies of every kind, sent in random pieces, against what real members keep. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BodiesTest {
  private static final int SPLITS = 3;

  private final Peers peers;

  BodiesTest(Lab lab) {
    peers = new Peers(lab);
  }

  /** Bodies by what is special about them. */
  private static Map<String, String> bodies() {
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("empty", "");
    bodies.put("dots", ".\r\n..\r\n...\r\n. \r\n.a\r\n\r\n.\r\n\r\n.\r\n");
    bodies.put("octets", octets());
    bodies.put("long-lines", longLines());
    bodies.put("beyond-the-replay-buffer", big());
    return bodies;
  }

  /** All octets but NUL, CR and LF, in lines that begin with each of them. */
  private static String octets() {
    StringBuilder body = new StringBuilder();
    IntStream.rangeClosed(1, 255)
        .filter(octet -> octet != '\r' && octet != '\n')
        .forEach(
            octet -> body.append((char) octet).append(" x").append((char) octet).append("\r\n"));
    return body.toString();
  }

  /** Lines around 998 octets, where RFC 5321 ends what all must take, and longer ones. */
  private static String longLines() {
    StringBuilder body = new StringBuilder();
    for (int length : new int[] {997, 998, 999, 1000, 1001, 2047, 2048, 2049, 10_000}) {
      body.append(".".repeat(length % 3)).append("0123456789".repeat(length), length % 3, length);
      body.append("\r\n");
    }
    return body.toString();
  }

  private static String big() {
    Random random = new Random(1);
    StringBuilder body = new StringBuilder();
    while (body.length() < 400 * 1024) {
      body.append(".".repeat(random.nextInt(3))).append("x".repeat(random.nextInt(80)));
      body.append("\r\n");
    }
    return body.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "postfix, DATA",
    "postfix, BDAT",
    "exim, DATA",
    "exim, BDAT",
    "opensmtpd, DATA",
  })
  void theMemberHasTheOctetsOfTheClient(String target, String verb) throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    Map<String, String> bodies = bodies();
    for (int split = 0; split < SPLITS; split++) {
      Random random = new Random(split);
      try (Talk talk = Talk.to("127.0.0.1", peers.port(target))) {
        talk.ask("EHLO client.acceptance.test", "250");
        for (Map.Entry<String, String> each : bodies.entrySet()) {
          String id = each.getKey() + "." + verb + "." + split + "." + target;
          sums.put(id, Mail.sha256(each.getValue()));
          talk.ask("MAIL FROM:<a@client.example> BODY=8BITMIME", "250");
          talk.ask("RCPT TO:<b@peers.example>", "250");
          String mail = "Message-Id: <" + id + ">\r\n\r\n" + each.getValue();
          if (verb.equals("DATA")) {
            data(talk, "Subject: x\r\n" + mail, random);
          } else {
            bdat(talk, "Subject: x\r\n" + mail, random);
          }
        }
        talk.ask("QUIT", "221");
      }
    }
    Map<String, String> kept = new LinkedHashMap<>();
    for (String id : sums.keySet()) {
      kept.put(id, peers.only(id, target).sha256());
    }
    assertThat(kept).isEqualTo(sums);
  }

  private static void data(Talk talk, String mail, Random random) throws IOException {
    talk.ask("DATA", "354");
    talk.send(mail.replace("\r\n.", "\r\n..") + ".\r\n", random);
    talk.expect("250");
  }

  private static void bdat(Talk talk, String mail, Random random) throws IOException {
    int chunks = 0;
    for (int at = 0; at < mail.length(); chunks++) {
      int end = Math.min(mail.length(), at + 1 + random.nextInt(mail.length()));
      String command = "BDAT " + (end - at) + (end == mail.length() ? " LAST\r\n" : "\r\n");
      talk.send(command + mail.substring(at, end), random);
      at = end;
    }
    for (; chunks > 0; chunks--) {
      talk.expect("250");
    }
  }

  @AfterAll
  void noMemberComplains() {
    peers.requireContent();
  }
}
