package io.posthouse.smtp.session;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Client and member may send any octets, in any order: {@link OctetSession} looks at the laws. */
class LinkFuzzTest {
  private static final String HELLO = "EHLO c.example\r\n";

  /** What leads on stands here more than once. */
  private static final String[] CLIENT = {
    "MAIL FROM:<a@x>\r\n",
    "MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n",
    "MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n",
    "MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nBDAT 3\r\nabcBDAT 2 LAST\r\nde",
    "RCPT TO:<b@y>\r\n",
    "RCPT TO:<b@y>\r\n",
    "DATA\r\n",
    "DATA\r\n",
    "Subject: x\r\n\r\n..\r\n.\r\n",
    "text\r\n",
    ".\r\n",
    "BDAT 5\r\n",
    "five5",
    "BDAT 3 LAST\r\n",
    "BDAT 0 LAST\r\n",
    "BDAT 4 FIRST\r\n",
    "RSET\r\n",
    "NOOP\r\n",
    "MAIL FROM:<a@x> SIZE=2000\r\n",
    "HELO c.example\r\n",
    HELLO,
    "QUIT\r\n",
    "\n.\r\n"
  };

  private static final String[] MEMBER = {
    "220 m\r\n",
    "250-m\r\n250-PIPELINING\r\n250 CHUNKING\r\n",
    "220 m\r\n250-m\r\n250-PIPELINING\r\n250 CHUNKING\r\n",
    "220 m\r\n250 m\r\n",
    "250 ok\r\n",
    "250 ok\r\n250 ok\r\n",
    "250 ok\r\n250 ok\r\n354 go\r\n",
    "354 go\r\n",
    "250 done\r\n",
    "452 4.3.1 full\r\n",
    "550 5.1.1 no\r\n",
    "421 4.4.2 idle\r\n",
    "500 what\r\n"
  };

  @FuzzTest(maxDuration = "1m")
  void anyOctetsOfBothSidesKeepTheLaws(FuzzedDataProvider data) {
    OctetSession session = new OctetSession();
    session.client(octets(HELLO));
    while (data.remainingBytes() > 0 && !session.isClosed()) {
      event(
          session,
          data.consumeInt(0, 63),
          data.consumeInt(0, 255),
          length -> data.consumeBytes(length));
    }
  }

  @Test
  void anyOctetsKeepTheLawsWithoutAFuzzer() {
    for (long seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      OctetSession session = new OctetSession();
      try {
        session.client(octets(HELLO));
        for (int step = 0; step < 60 && !session.isClosed(); step++) {
          event(session, random.nextInt(64), random.nextInt(256), length -> some(random, length));
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private interface Octets {
    byte[] take(int length);
  }

  private static void event(OctetSession session, int kind, int which, Octets raw) {
    Link link = session.transcript.link;
    switch (kind) {
      case 0 -> session.client(raw.take(which % 40));
      case 1 -> session.member(raw.take(which % 40));
      case 2 -> session.unavailable();
      case 3 -> session.serverLost();
      case 4 -> session.serverTimeout();
      case 5 -> session.happens(link::replayLost);
      case 6 -> rare(session, link, which);
      case 7, 8, 9, 10, 11, 12 -> session.acquired();
      case 13, 14, 15 -> session.happens(link::committed);
      default -> {
        if (kind < 30) {
          session.memberAnswers();
        } else if (kind < 36) {
          session.member(octets(MEMBER[which % MEMBER.length]));
        } else {
          session.client(octets(CLIENT[which % CLIENT.length]));
        }
      }
    }
  }

  private static void rare(OctetSession session, Link link, int which) {
    switch (which % 8) {
      case 0 -> session.happens(link::clientLost);
      case 1 -> session.happens(link::clientTimeout);
      case 2 -> session.happens(link::shutdown);
      case 3 -> session.happens(link::clientEnded);
      default -> {}
    }
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] some(SplittableRandom random, int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }
}
