package io.posthouse.app;

import static io.posthouse.app.RunningHouse.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a member gets of lines that do not end in CR LF. */
@ExtendWith(NoLeaks.class)
final class LineEndsTest {
  private static final String ENVELOPE =
      """
      S: 220 member
      C: EHLO device
      S: 250-member
      S: 250 CHUNKING
      C: MAIL FROM:<a@example.org>
      S: 250 sender ok
      C: RCPT TO:<b@example.net>
      S: 250 recipient ok
      """;
  private static final String DATA = ENVELOPE + "C: DATA\nS: 354 go on\n";
  private static final String MAIL = "MAIL FROM:<a@example.org>\nRCPT TO:<b@example.net>\nDATA\n";

  /** An old device: a text of lines that end in LF, and what two smugglers and a stuffer wrote. */
  private static final String SENT =
      "Subject: old\n\na\n.\nb\r.\rc\n.\r\n..d\n.e\r\n.f\r\n.\ng\r\r\n\0.\r\n";

  private static final String GOT =
      "Subject: old\r\n\r\na\r\n..\r\nb\r\n..\r\nc\r\n..\r\n..d\r\n..e\r\n.f\r\n..\r\ng\r\n\r\n\0.\r\n";

  private static final int LINES = (GOT + "\r\n.\r\n").split("\n").length;

  @TempDir Path directory;

  @Test
  void aMemberGetsOneMessageWithRightLineEndsHoweverItsOctetsCome() throws Exception {
    for (int piece : new int[] {1, 2, 7, 1000}) {
      String script = DATA + "C: .*\n".repeat(LINES) + "S: 250 taken";
      try (ScriptedServer member = ScriptedServer.play(script);
          RunningHouse house = house("normalise", member)) {
        assertThat(mail(house, SENT + "\r\n.\r\n", piece)).isEqualTo("250 taken");
        String received = member.next().received();
        assertThat(received.substring(received.indexOf("DATA\r\n") + 6))
            .isEqualTo(GOT + "\r\n.\r\n");
      }
    }
  }

  @Test
  void anotherMemberGetsTheSameOctets() throws Exception {
    String breaks = DATA + "C: .*\nC: .*\nC: a\nC: [.][.]\nreset";
    String takes = DATA + "C: .*\n".repeat(LINES) + "S: 250 taken";
    try (ScriptedServer first = ScriptedServer.play(breaks);
        ScriptedServer second = ScriptedServer.play(takes);
        RunningHouse house = house("normalise", first, second)) {
      try (Socket link = greeted(house)) {
        write(link, MAIL, 1000);
        envelopeAnswers(link);
        write(link, SENT, 1000);
        first.next();
        write(link, "\r\n.\r\n", 1);
        assertThat(line(link)).isEqualTo("250 taken");
      }
      assertThat(second.next().received()).contains("DATA\r\n" + GOT + "\r\n.\r\n");
    }
  }

  @Test
  void chunksAreCountedAndPassAsTheyAre() throws Exception {
    String script = ENVELOPE + "C: BDAT 9 LAST\nC: a\nC: .*\nS: 250 taken";
    try (ScriptedServer member = ScriptedServer.play(script);
        RunningHouse house = house("normalise", member);
        Socket link = greeted(house)) {
      write(link, "MAIL FROM:<a@example.org>\nRCPT TO:<b@example.net>\n", 1000);
      assertThat(line(link)).startsWith("250");
      assertThat(line(link)).startsWith("250");
      write(link, "BDAT 9 LAST\na\r\n.\nb\rc\n", 1000);
      assertThat(line(link)).isEqualTo("250 taken");
      assertThat(member.next().received()).contains("BDAT 9 LAST\r\na\r\n.\nb\rc\n");
    }
  }

  @Test
  void withoutTheKeyABareLineFeedIsRefused() throws Exception {
    try (ScriptedServer member = ScriptedServer.play(DATA);
        RunningHouse house = house("reject", member);
        Socket link = greeted(house)) {
      write(link, MAIL, 1000);
      assertThat(line(link)).startsWith("550 5.5.2");
    }
  }

  private RunningHouse house(String lineEnds, ScriptedServer... members) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < members.length; i++) {
      lines.append("      m%d: 127.0.0.1:%d%n".formatted(i + 1, members[i].port()));
    }
    return RunningHouse.start(
        directory,
        """
        pools:
          hub:
            capabilities: [CHUNKING]
            members:
        %s
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub, smtp: { line-ends: %s } }
        """
            .formatted(lines, lineEnds));
  }

  private static String mail(RunningHouse house, String body, int piece) throws IOException {
    try (Socket link = greeted(house)) {
      write(link, MAIL, 1000);
      envelopeAnswers(link);
      write(link, body, piece);
      return line(link);
    }
  }

  private static Socket greeted(RunningHouse house) throws IOException {
    Socket link = house.connect("mail");
    link.setTcpNoDelay(true);
    line(link);
    write(link, "EHLO device\r\n", 1000);
    while (line(link).charAt(3) == '-') {
      // One more.
    }
    return link;
  }

  private static void envelopeAnswers(Socket link) throws IOException {
    assertThat(line(link)).isEqualTo("250 sender ok");
    assertThat(line(link)).isEqualTo("250 recipient ok");
    assertThat(line(link)).startsWith("354 ");
  }

  private static void write(Socket link, String text, int piece) throws IOException {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < octets.length; i += piece) {
      link.getOutputStream().write(octets, i, Math.min(piece, octets.length - i));
    }
  }
}
