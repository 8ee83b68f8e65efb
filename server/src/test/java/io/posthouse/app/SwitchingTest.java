package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.health.EffectiveState;
import io.posthouse.model.AdminState;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages between real clients and members that play scripts. */
@ExtendWith(NoLeaks.class)
final class SwitchingTest {
  private static final String GREETS =
      """
      S: 220 member ESMTP
      C: EHLO client.example.net
      S: 250 member
      """;
  private static final String ENVELOPE =
      """
      C: MAIL FROM:<a@example.org>
      S: 250 sender ok
      C: RCPT TO:<b@example.net>
      S: 250 recipient ok
      """;
  private static final String BODY =
      """
      C: DATA
      S: 354 go on
      C: Subject: test
      C:
      C: a line
      C: [.]
      """;
  private static final String TAKES = GREETS + ENVELOPE + BODY + "S: 250 taken\n";
  private static final String PRESSED =
      GREETS
          + """
          C: MAIL FROM:<a@example.org>
          S: 452 4.3.1 Insufficient system resources
          C: QUIT
          S: 221 bye
          """;

  @TempDir Path directory;

  @Test
  void aClientHearsItsMembersWordsAndNoOther() throws Exception {
    try (ScriptedServer member = ScriptedServer.play(TAKES);
        RunningHouse house = house(member)) {
      assertThat(mail(house)).contains("250 sender ok", "250 recipient ok").endsWith("250 taken");
    }
  }

  @Test
  void whatTheFirstMemberRefusesForPressureTheSecondTakesUnseen() throws Exception {
    try (ScriptedServer pressed = ScriptedServer.play(PRESSED);
        ScriptedServer good = ScriptedServer.play(TAKES);
        RunningHouse house = house(pressed, good)) {
      assertThat(mail(house)).endsWith("250 taken");
      assertThat(mail(house)).endsWith("250 taken");
      pressed.next();
    }
  }

  @Test
  void threePressureRepliesInARowTakeAMemberOutWithTheirNumbers() throws Exception {
    try (ScriptedServer pressed = ScriptedServer.play(PRESSED);
        ScriptedServer good = ScriptedServer.play(TAKES);
        RunningHouse house = house(pressed, good)) {
      for (int i = 0; i < 6; i++) {
        assertThat(mail(house)).endsWith("250 taken");
      }
      await().until(() -> house.member("hub", "m1").effective() == EffectiveState.PRESSURE);
      assertThat(house.member("hub", "m1").reason())
          .contains("3 of the last 3")
          .contains("452 4.3.1 Insufficient system resources");
      int asked = pressed.finished();
      for (int i = 0; i < 4; i++) {
        assertThat(mail(house)).endsWith("250 taken");
      }
      assertThat(pressed.finished()).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", GREETS, GREETS + ENVELOPE, GREETS + ENVELOPE + "C: DATA\n"})
  void aMemberThatBreaksOffBeforeTheDotIsReplacedUnseen(String before) throws Exception {
    try (ScriptedServer breaks = ScriptedServer.play(before + "reset");
        ScriptedServer good = ScriptedServer.play(TAKES);
        RunningHouse house = house(breaks, good)) {
      assertThat(mail(house)).endsWith("250 taken");
      assertThat(mail(house)).endsWith("250 taken");
    }
  }

  @Test
  void aMemberThatBreaksOffAfterTheDotMayHaveTheMessageSoNobodyElseGetsIt() throws Exception {
    try (ScriptedServer breaks = ScriptedServer.play(GREETS + ENVELOPE + BODY + "reset");
        ScriptedServer good = ScriptedServer.play("S: 554 nobody should come here");
        RunningHouse house = house(breaks)) {
      assertThat(mail(house).getLast()).startsWith("451 4.");
      assertThat(good.finished()).isZero();
      await().until(() -> house.log().contains("did not say what became of it"));
    }
  }

  @Test
  void aMemberThatRefusesTheMessageIsBelieved() throws Exception {
    try (ScriptedServer refuses =
            ScriptedServer.play(GREETS + ENVELOPE + BODY + "S: 554 5.7.1 spam");
        ScriptedServer other = ScriptedServer.play("S: 554 nobody should come here");
        RunningHouse house = house(refuses)) {
      assertThat(mail(house)).endsWith("554 5.7.1 spam");
      assertThat(other.finished()).isZero();
    }
  }

  @Test
  void aFailureThatOneClientSawThriceSaysNothingOfTheMember() throws Exception {
    try (ScriptedServer breaks = ScriptedServer.play(GREETS + "C: MAIL .*\nreset");
        ScriptedServer good = ScriptedServer.play(TAKES);
        RunningHouse house = house(breaks, good)) {
      for (int i = 0; i < 10; i++) {
        assertThat(mail(house)).endsWith("250 taken");
      }
      assertThat(house.member("hub", "m1").effective()).isNotEqualTo(EffectiveState.DOWN);
    }
  }

  @Test
  void aFailureThatThreeClientsSawTakesTheMemberDown() throws Exception {
    try (ScriptedServer breaks = ScriptedServer.play(GREETS + "C: MAIL .*\nreset");
        ScriptedServer good = ScriptedServer.play(TAKES);
        RunningHouse house = house(breaks, good)) {
      for (int i = 2; i < 10; i++) {
        assertThat(mailFrom(house, "127.0.0." + i)).endsWith("250 taken");
      }
      await().until(() -> house.member("hub", "m1").effective() == EffectiveState.DOWN);
      assertThat(house.member("hub", "m1").reason()).contains("mail");
    }
  }

  @Test
  void aDrainedMemberGetsNoFurtherMessageOfALink() throws Exception {
    String endless = GREETS + (ENVELOPE + BODY + "S: 250 taken\n").repeat(4);
    try (ScriptedServer first = ScriptedServer.play(endless);
        ScriptedServer second = ScriptedServer.play(endless);
        RunningHouse house = house(first, second);
        MailLink link = MailLink.greeted(house)) {
      link.send("a@example.org");
      link.send("a@example.org");
      house.posthouse().control().administer("hub", "m1", AdminState.DRAINING, "test");
      for (int i = 0; i < 3; i++) {
        assertThat(link.send("a@example.org")).isEqualTo("250 taken");
      }
      assertThat(first.next().linesReceived())
          .filteredOn(said -> said.startsWith("MAIL"))
          .hasSize(1);
    }
  }

  @Test
  void aMemberThatWillBeGreetedOnceOnlyIsAskedForMoreOnce() throws Exception {
    String script =
        TAKES.replace("EHLO client.example.net", "EHLO .*")
            + """
            C: (EHLO|QUIT).*
            S: 503 5.5.1 Already identified
            C: QUIT
            S: 221 bye
            """;
    try (ScriptedServer member = ScriptedServer.play(script)) {
      try (RunningHouse house = house(member);
          MailLink link = MailLink.from("127.0.0.1", house)) {
        for (String name : List.of("one.example.net", "two.example.net", "one.example.net")) {
          link.say("EHLO " + name);
          assertThat(link.send("a@example.org")).isEqualTo("250 taken");
        }
      }
      assertThat(member.next().linesReceived())
          .contains("EHLO one.example.net", "EHLO two.example.net");
      assertThat(List.of(member.next().linesReceived(), member.next().linesReceived()))
          .allMatch(said -> said.stream().filter(line -> line.startsWith("EHLO")).count() == 1)
          .allMatch(said -> said.getLast().equals("QUIT"));
    }
  }

  @Test
  void connectionsThatAreKeptHearQuitAtTheEnd() throws Exception {
    try (ScriptedServer member = ScriptedServer.play(TAKES + "C: QUIT\nS: 221 bye\n")) {
      try (RunningHouse house = house(member)) {
        mail(house);
      }
      assertThat(member.next().linesReceived()).endsWith("QUIT");
    }
  }

  private RunningHouse house(ScriptedServer... members) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < members.length; i++) {
      lines.append("      m%d: 127.0.0.1:%d%n".formatted(i + 1, members[i].port()));
    }
    return RunningHouse.start(
        directory,
        """
        pools:
          hub:
            members:
        %s
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub }
        """
            .formatted(lines));
  }

  /** All replies that a client hears for one message on a link of its own, EHLO's left out. */
  private static List<String> mail(RunningHouse house) throws IOException {
    return mailFrom(house, "127.0.0.1");
  }

  private static List<String> mailFrom(RunningHouse house, String source) throws IOException {
    try (MailLink link = MailLink.from(source, house)) {
      link.say("EHLO client.example.net");
      List<String> heard = new ArrayList<>();
      heard.add(link.say("MAIL FROM:<a@example.org>"));
      heard.add(link.say("RCPT TO:<b@example.net>"));
      heard.add(link.say("DATA"));
      link.write(MailLink.BODY);
      heard.add(link.reply());
      link.say("QUIT");
      return heard;
    }
  }
}
