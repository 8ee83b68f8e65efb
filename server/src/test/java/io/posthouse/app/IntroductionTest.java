package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.LoopbackServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members say of themselves to probes and links, on a whole Posthouse. */
class IntroductionTest {
  private static final String GOOD_BANNER = "220 mx.example.net ESMTP";
  private static final String STARS = "220 **************2**0*0**";
  private static final String INSPECTED = "a firewall inspects SMTP on the way to a member";

  @TempDir Path directory;

  private volatile String banner = GOOD_BANNER;
  private volatile String ehlo = "250-mx.example.net\r\n250-8BITMIME\r\n250 SMTPUTF8";
  private final LoopbackServer server = LoopbackServer.with(this::serve);

  @AfterEach
  void close() {
    server.close();
  }

  /** A member that takes any message, and greets and offers what the test says. */
  private void serve(Socket client) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    say(client, banner);
    boolean body = false;
    String line;
    while ((line = lines.readLine()) != null) {
      if (body) {
        body = !line.equals(".");
        if (!body) {
          say(client, "250 ok");
        }
        continue;
      }
      body = line.equals("DATA");
      say(client, line.startsWith("EHLO") ? ehlo : body ? "354 go on" : "250 ok");
      if (line.equals("QUIT")) {
        return;
      }
    }
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
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

  private static void mail(RunningHouse house) throws IOException {
    try (Socket client = house.connect("VS")) {
      RunningHouse.line(client);
      String line = RunningHouse.say(client, "EHLO client.example.org");
      while (line.startsWith("250-")) {
        line = RunningHouse.line(client);
      }
      assertThat(RunningHouse.say(client, "MAIL FROM:<a@example.org>")).startsWith("250");
      assertThat(RunningHouse.say(client, "RCPT TO:<b@example.net>")).startsWith("250");
      assertThat(RunningHouse.say(client, "DATA")).startsWith("354");
      assertThat(RunningHouse.say(client, "hello\r\n.")).startsWith("250");
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
      ehlo = "250-mx.example.net\r\n250-DSN\r\n250 SMTPUTF8";
      probe(house);
      assertThat(offered(house)).contains("DSN", "SMTPUTF8").doesNotContain("8BITMIME");
      ehlo = "502 5.5.1 what?";
      probe(house);
      assertThat(offered(house)).as("HELO only").doesNotContain("DSN", "SMTPUTF8");
    }
  }

  @Test
  void aMemberThatComesBackOffersWhatItSaysThen() throws Exception {
    try (RunningHouse house = start("member", server.port())) {
      probe(house);
      banner = "500 broken";
      probe(house);
      await().until(() -> !house.member("hub", "m1").effective().name().equals("UP"));
      assertThat(offered(house)).doesNotContain("8BITMIME");
      banner = GOOD_BANNER;
      ehlo = "250-mx.example.net\r\n250 DSN";
      await().until(() -> house.member("hub", "m1").effective().name().equals("UP"));
      assertThat(offered(house)).contains("DSN").doesNotContain("8BITMIME");
    }
  }

  @Test
  void aMonitorWithAnAliasPortTeachesNothing() throws Exception {
    try (LoopbackServer other = LoopbackServer.echo("other");
        RunningHouse house = start(Integer.toString(server.port()), other.port())) {
      banner = STARS;
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
      banner = STARS;
      ehlo = "250-mx.example.net\r\n250-XXXXXXXA\r\n250 SMTPUTF8";
      probe(house);
      probe(house);
      mail(house);
      assertThat(house.member("hub", "m1").reason())
          .isEqualTo(
              "mon passes: hello (a firewall between Posthouse and this member inspects SMTP: it has"
                  + " masked the banner and the EHLO reply; switch the inspection off)");
      await().until(() -> told(house) > 0);
      banner = GOOD_BANNER;
      ehlo = "250-mx.example.net\r\n250 SMTPUTF8";
      probe(house);
      ehlo = "250-mx.example.net\r\n250-XXXXXXXA\r\n250 SMTPUTF8";
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
    banner = STARS;
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
      mail(house);
      mail(house);
      await().until(() -> told(house) > 0);
      assertThat(told(house)).isEqualTo(1);
    }
  }
}
