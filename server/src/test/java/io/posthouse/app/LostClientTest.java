package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.StoringServer;
import io.posthouse.testkit.StoringServer.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that end their output, or are gone, at each phase. */
@ExtendWith(NoLeaks.class)
final class LostClientTest {
  private static final String ENVELOPE = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\n";
  private static final String IN_BODY =
      "EHLO c\r\n" + ENVELOPE + "DATA\r\n|Subject: half\r\n\r\nline";

  @TempDir Path directory;
  private final StoringServer member = new StoringServer("m1", Duration.ofSeconds(20));

  @SuppressWarnings("NullAway.Init")
  private RunningHouse house;

  @BeforeEach
  void start() throws Exception {
    house =
        RunningHouse.start(
            directory,
            """
            pools:
              hub:
                capabilities: [CHUNKING]
                members: { m1: "127.0.0.1:%d" }
            virtual-servers:
              mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub }
            """
                .formatted(member.port()));
  }

  @AfterEach
  void end() throws Exception {
    house.close();
    member.close();
  }

  /** Before the bar what a client sends and hears, behind it what it sends last. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "EHL",
        "EHLO c\r\n",
        "EHLO c\r\nMAIL FROM:<a@example.org>\r\n",
        "EHLO c\r\n" + ENVELOPE,
        "EHLO c\r\n" + ENVELOPE + "DATA\r\n",
        IN_BODY,
        IN_BODY + "\r\n.",
        "EHLO c\r\n" + ENVELOPE + "|BDAT 100 LAST\r\nhalf of it",
        "EHLO c\r\n" + ENVELOPE + "|BDAT 4\r\nhalf"
      })
  void halfAMessageIsNone(String sent) throws Exception {
    for (boolean resets : new boolean[] {false, true}) {
      MailLink link = MailLink.to(house);
      String[] parts = sent.split("\\|", 2);
      link.write(parts[0]);
      for (int i = 0; i < parts[0].split("\r\n", -1).length - 1; i++) {
        link.reply();
      }
      link.write(parts.length > 1 ? parts[1] : "");
      leave(link, resets);
      await().until(() -> house.server("mail").links().open() == 0);
      await().until(() -> house.member("hub", "m1").connections() == 0);
      assertThat(member.stored()).isEmpty();
      link.close();
    }
    assertServes();
  }

  /** A close with octets unread is a reset, and a reset takes back what was not read yet. */
  @Test
  void whoGoesOnSendingStillHearsWhyItsLinkIsClosed() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (MailLink link = inBody()) {
        link.write("a bare line feed\n" + "and on it goes\r\n".repeat(5_000));
        link.write("and on it goes\r\n".repeat(5_000));
        assertThat(link.reply()).startsWith("550 5.5.2");
      }
      await().until(() -> house.server("mail").links().open() == 0);
    }
  }

  @Test
  void whoEndsHisOutputBehindTheDotStillHearsWhatBecameOfIt() throws Exception {
    member.conduct(Conduct.HANG_AT_END);
    try (MailLink link = inBody()) {
      link.write("\r\n.\r\nQUIT\r\n");
      leave(link, false);
      await().until(() -> member.hung() == 1);
      member.conduct(Conduct.SERVE);
      assertThat(link.reply()).startsWith("250");
      assertThat(link.reply()).startsWith("221");
    }
    assertThat(member.stored()).hasSize(1);
    assertServes();
  }

  @Test
  void whoIsGoneBehindTheDotIsWaitedForByTheLog() throws Exception {
    member.conduct(Conduct.HANG_AT_END);
    try (MailLink link = inBody()) {
      link.write("\r\n.\r\n");
      await().until(() -> member.hung() == 1);
      leave(link, true);
      member.conduct(Conduct.SERVE);
      await().until(() -> house.log().contains("client-told=false"));
    }
    assertThat(member.stored()).hasSize(1);
    assertServes();
  }

  private MailLink inBody() throws Exception {
    MailLink link = MailLink.greeted(house);
    link.say("MAIL FROM:<a@example.org>");
    link.say("RCPT TO:<b@example.net>");
    link.say("DATA");
    link.write("Subject: half\r\n\r\nline");
    return link;
  }

  private static void leave(MailLink link, boolean resets) throws Exception {
    if (resets) {
      link.socket().setSoLinger(true, 0);
      link.socket().close();
    } else {
      link.socket().shutdownOutput();
    }
  }

  private void assertServes() throws Exception {
    try (MailLink next = MailLink.greeted(house)) {
      assertThat(next.send("next@example.org")).startsWith("250");
    }
  }
}
