package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedServer;
import io.posthouse.testkit.StoringServer;
import io.posthouse.testkit.StoringServer.Conduct;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients and members that mean harm to others. */
@ExtendWith(NoLeaks.class)
final class HostilePeerTest {
  @TempDir Path directory;

  /** Its replies fill the buffers of both kernels and ours; then its time for a command is over. */
  @Test
  void aClientThatNeverReadsIsCutInTheEnd() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house("", "command-timeout: 1s, max-recipients: 100", member.port());
        MailLink link = MailLink.greeted(house)) {
      link.say("MAIL FROM:<a@example.org>");
      String recipients = "RCPT TO:<b@example.net>\r\n".repeat(1000);
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    link.write(recipients);
                  }
                } catch (IOException cut) {
                  // This is what is waited for.
                }
              });
      assertThat(sender.join(Duration.ofSeconds(30))).isTrue();
      await().until(() -> house.server("mail").links().open() == 0);
    }
  }

  @Test
  void anIdleLinkKeepsNothingOfItsLastMessageFromOthers() throws Exception {
    String large = ("x".repeat(998) + "\r\n").repeat(15_000);
    String half = ("x".repeat(998) + "\r\n").repeat(8_000);
    try (StoringServer full = new StoringServer("m1", Duration.ZERO);
        StoringServer well = new StoringServer("m2", Duration.ZERO);
        RunningHouse house =
            house("retry: { buffer: 16MiB }", "max-errors: 20", full.port(), well.port())) {
      List<MailLink> idle = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        MailLink link = MailLink.greeted(house);
        assertThat(link.send("a@example.org", large + ".\r\n")).startsWith("250");
        idle.add(link);
      }
      full.conduct(Conduct.PRESSURE_AT_END);
      MailLink link = MailLink.greeted(house);
      idle.add(link);
      for (int i = 0; i < 2; i++) {
        assertThat(link.send("b@example.org", half + ".\r\n")).startsWith("250");
      }
      for (MailLink each : idle) {
        each.close();
      }
    }
  }

  @Test
  void halfAReplyBehindAMessageAnswersNoOther() throws Exception {
    String script =
        """
        S: 220 m1
        C: EHLO .*
        S: 250 m1
        C: MAIL .*
        S: 250 sender
        C: RCPT .*
        S: 250 recipient
        C: DATA
        S: 354 go on
        C: Subject.*
        C:
        C: a line
        C: \\.
        raw: 250 taken\\r\\n250 una
        C: (MAIL|QUIT).*
        S: sked
        """;
    try (ScriptedServer member = ScriptedServer.play(script);
        RunningHouse house = house("", "max-errors: 20", member.port());
        MailLink link = MailLink.greeted(house)) {
      link.say("MAIL FROM:<a@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.say("DATA");
      link.write(MailLink.BODY + "MAIL FROM:<c@example.org>\r\n");
      assertThat(link.reply()).isEqualTo("250 taken");
      assertThat(link.reply()).isEqualTo("250 sender");
    }
  }

  private RunningHouse house(String ofPool, String smtp, int... members) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < members.length; i++) {
      lines.append("      m%d: 127.0.0.1:%d%n".formatted(i + 1, members[i]));
    }
    return RunningHouse.start(
        directory,
        """
        pools:
          hub:
            %s
            members:
        %s
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub, smtp: { %s } }
        """
            .formatted(ofPool, lines, smtp));
  }
}
