package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.LoopbackServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members say of themselves to probes and links, on a whole Posthouse. */
class IntroductionTest {
  private static final String STARS = "220 **************2**0*0**";
  private static final String INSPECTED = "a firewall inspects SMTP on the way to a member";

  @TempDir Path directory;

  private final SmtpMember server = new SmtpMember();

  @AfterEach
  void close() {
    server.close();
  }

  private RunningHouse start(String port, int memberPort) throws Exception {
    return RunningHouse.start(
        directory,
        """
        monitors:
          mon: { type: smtp, depth: hello, interval: 1h, fall: 1, down-time: 1s, port: %s }
        pools:
          hub:
            monitors: [mon]
            members: { m1: "127.0.0.1:%d" }
        virtual-servers:
          VS: { mode: smtp, listen: "127.0.0.1:0", pool: hub }
        """
            .formatted(port, memberPort));
  }

  private static void probe(RunningHouse house) {
    house.posthouse().probes().probe("hub", "m1");
  }

  /** The keywords that a client is offered. */
  private static List<String> offered(RunningHouse house) throws IOException {
    try (Socket client = house.connect("VS")) {
      RunningHouse.line(client);
      List<String> keywords = new ArrayList<>();
      String line = RunningHouse.say(client, "EHLO client.example.org");
      while (line.startsWith("250-")) {
        line = RunningHouse.line(client);
        keywords.add(line.substring(4));
      }
      return keywords;
    }
  }

  private static long told(RunningHouse house) {
    return house.log().lines().filter(line -> line.contains(INSPECTED)).count();
  }

  @Test
  void aProbeTeachesWhatAMemberOffersBeforeTheFirstMessage() throws Exception {
    try (RunningHouse house = start("member", server.port())) {
      probe(house);
      assertThat(offered(house)).contains("8BITMIME", "SMTPUTF8").doesNotContain("DSN");
    }
  }

  @Test
  void aMemberWhoseEhloChangesIsLearntAnew() throws Exception {
    try (RunningHouse house = start("member", server.port())) {
      probe(house);
      server.ehlo = "250-mx.example.net\r\n250-DSN\r\n250 SMTPUTF8";
      probe(house);
      assertThat(offered(house)).contains("DSN", "SMTPUTF8").doesNotContain("8BITMIME");
      server.ehlo = "502 5.5.1 what?";
      probe(house);
      assertThat(offered(house)).as("HELO only").doesNotContain("DSN", "SMTPUTF8");
    }
  }

  @Test
  void aMemberThatComesBackOffersWhatItSaysThen() throws Exception {
    try (RunningHouse house = start("member", server.port())) {
      probe(house);
      server.banner = "500 broken";
      probe(house);
      await().until(() -> !house.member("hub", "m1").effective().name().equals("UP"));
      assertThat(offered(house)).doesNotContain("8BITMIME");
      server.banner = SmtpMember.BANNER;
      server.ehlo = "250-mx.example.net\r\n250 DSN";
      await().until(() -> house.member("hub", "m1").effective().name().equals("UP"));
      assertThat(offered(house)).contains("DSN").doesNotContain("8BITMIME");
    }
  }

  @Test
  void aMonitorWithAnAliasPortTeachesNothing() throws Exception {
    try (LoopbackServer other = LoopbackServer.echo("other");
        RunningHouse house = start(Integer.toString(server.port()), other.port())) {
      server.banner = STARS;
      probe(house);
      assertThat(house.member("hub", "m1").reason()).contains("inspects SMTP");
      assertThat(offered(house)).doesNotContain("8BITMIME", "SMTPUTF8");
      assertThat(told(house)).isZero();
    }
  }

  @Test
  void aFirewallIsToldOnceByAProbeWhenItBegins() throws Exception {
    try (RunningHouse house = start("member", server.port())) {
      probe(house);
      server.banner = STARS;
      server.ehlo = "250-mx.example.net\r\n250-XXXXXXXA\r\n250 SMTPUTF8";
      probe(house);
      probe(house);
      assertThat(SmtpMember.mail(house, "a@example.org")).startsWith("250");
      assertThat(house.member("hub", "m1").reason())
          .isEqualTo(
              "mon passes: hello (a firewall between Posthouse and this member inspects SMTP: it has"
                  + " masked the banner and the EHLO reply; switch the inspection off)");
      await().until(() -> told(house) > 0);
      server.banner = SmtpMember.BANNER;
      server.ehlo = "250-mx.example.net\r\n250 SMTPUTF8";
      probe(house);
      server.ehlo = "250-mx.example.net\r\n250-XXXXXXXA\r\n250 SMTPUTF8";
      probe(house);
      await().until(() -> told(house) > 1);
      assertThat(house.log().lines().filter(line -> line.contains(INSPECTED)))
          .satisfiesExactly(
              first -> assertThat(first).contains("pool=hub member=m1 masked=banner"),
              second -> assertThat(second).contains("masked=\"EHLO reply\""));
    }
  }

  @Test
  void aFirewallIsToldByMailWhereNoProbeSeesIt() throws Exception {
    server.banner = STARS;
    try (RunningHouse house =
        RunningHouse.start(
            directory,
            """
            pools:
              hub: { members: { m1: "127.0.0.1:%d" } }
            virtual-servers:
              VS: { mode: smtp, listen: "127.0.0.1:0", pool: hub }
            """
                .formatted(server.port()))) {
      assertThat(SmtpMember.mail(house, "a@example.org")).startsWith("250");
      assertThat(SmtpMember.mail(house, "a@example.org")).startsWith("250");
      await().until(() -> told(house) > 0);
      assertThat(told(house)).isEqualTo(1);
    }
  }
}
