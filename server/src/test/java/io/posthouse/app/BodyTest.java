package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.StoringServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bodies arrive as they were sent, whatever is in them and however they come. */
@ExtendWith(NoLeaks.class)
final class BodyTest {
  private static final int MESSAGES = 300;

  @TempDir Path directory;

  @Test
  void theDigestOfABodyByDataIsThatOfItsClient() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member);
        MailLink link = MailLink.greeted(house)) {
      SplittableRandom random = new SplittableRandom(20_261_125);
      for (int i = 0; i < MESSAGES; i++) {
        String body = lines(random);
        assertThat(link.say("MAIL FROM:<a%d@example.org> BODY=8BITMIME".formatted(i)))
            .startsWith("250");
        link.say("RCPT TO:<b@example.net>");
        link.say("DATA");
        inPieces(link, body.replaceAll("(?md)^\\.", "..") + ".\r\n", random);
        assertThat(link.reply()).startsWith("250");
        assertThat(digest(member.stored().getLast().body())).isEqualTo(digest(body));
      }
    }
  }

  @Test
  void theDigestOfABodyInChunksIsThatOfItsClientNulAndBareLineEndsIncluded() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member);
        MailLink link = MailLink.greeted(house)) {
      SplittableRandom random = new SplittableRandom(20_261_126);
      for (int i = 0; i < MESSAGES; i++) {
        StringBuilder body = new StringBuilder();
        assertThat(link.say("MAIL FROM:<a%d@example.org> BODY=BINARYMIME".formatted(i)))
            .startsWith("250");
        link.say("RCPT TO:<b@example.net>");
        int chunks = 1 + random.nextInt(4);
        for (int chunk = 1; chunk <= chunks; chunk++) {
          String octets = octets(random);
          body.append(octets);
          String last = chunk == chunks ? " LAST" : "";
          inPieces(link, "BDAT " + octets.length() + last + "\r\n" + octets, random);
          assertThat(link.reply()).startsWith("250");
        }
        assertThat(digest(member.stored().getLast().body())).isEqualTo(digest(body.toString()));
      }
    }
  }

  @Test
  void aMessageThatGrowsBeyondTheLimitIsRefusedAtItsEndAndTheNextIsTaken() throws Exception {
    String most = "x".repeat(10 * 1024 - 2) + "\r\n";
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member, "max-message-size: 10KiB");
        MailLink link = MailLink.greeted(house)) {
      assertThat(link.send("a@example.org", most + ".\r\n")).startsWith("250");
      assertThat(link.send("a@example.org", "y" + most + ".\r\n")).startsWith("552");
      assertThat(link.send("a@example.org", most.repeat(200) + ".\r\n")).startsWith("552");
      link.say("MAIL FROM:<a@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.write("BDAT 1000\r\n" + "z".repeat(1000));
      assertThat(link.reply()).startsWith("250");
      link.write("BDAT 10000 LAST\r\n" + "z".repeat(10_000));
      assertThat(link.reply()).startsWith("552");
      assertThat(link.send("a@example.org", most + ".\r\n")).startsWith("250");
      assertThat(member.stored())
          .extracting(StoringServer.Stored::body)
          .containsExactly(most, most);
    }
  }

  /** Lines of any octets but CR, LF and NUL, some of dots only, some far over 998 octets. */
  private static String lines(SplittableRandom random) {
    StringBuilder body = new StringBuilder("Subject: test\r\n\r\n");
    for (int line = random.nextInt(30); line >= 0; line--) {
      body.append(".".repeat(random.nextInt(4) * random.nextInt(2)));
      int length = random.nextInt(20) == 0 ? random.nextInt(60_000) : random.nextInt(90);
      for (int i = 0; i < length; i++) {
        char octet = (char) random.nextInt(1, 256);
        body.append(octet == '\r' || octet == '\n' ? '.' : octet);
      }
      body.append("\r\n");
    }
    return body.toString();
  }

  private static String octets(SplittableRandom random) {
    int length = random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(2_000);
    StringBuilder octets = new StringBuilder(length);
    String common = "\0\r\n.\r\n.\r\nMAIL";
    for (int i = 0; i < length; i++) {
      octets.append(
          random.nextBoolean()
              ? common.charAt(random.nextInt(common.length()))
              : (char) random.nextInt(256));
    }
    return octets.toString();
  }

  /** Writes in up to eight pieces, cut anywhere, small ones near the end preferred. */
  private static void inPieces(MailLink link, String octets, SplittableRandom random)
      throws Exception {
    int at = 0;
    for (int piece = 0; piece < 8 && at < octets.length(); piece++) {
      int left = octets.length() - at;
      int count =
          random.nextBoolean()
              ? left - random.nextInt(Math.min(left, 6))
              : random.nextInt(left + 1);
      link.write(octets.substring(at, at + count));
      at += count;
    }
    link.write(octets.substring(at));
  }

  private static String digest(String octets) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(sha256.digest(octets.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private RunningHouse house(StoringServer member) throws Exception {
    return house(member, "max-errors: 20");
  }

  private RunningHouse house(StoringServer member, String limits) throws Exception {
    return RunningHouse.start(
        directory,
        """
        log: { links: false }
        pools:
          hub:
            capabilities: [CHUNKING, BINARYMIME, 8BITMIME]
            members: { m1: "127.0.0.1:%d" }
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub, smtp: { %s } }
        """
            .formatted(member.port(), limits));
  }
}
