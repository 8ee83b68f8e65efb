package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.app.AnnouncingMember.Taken;
import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What members are told of clients in mode smtp, and whom we believe. */
@ExtendWith(NoLeaks.class)
final class AnnounceTest {
  private static final int CLIENTS = 16;
  private static final int LINKS = 10;

  @TempDir Path directory;

  /** Connections are kept, and clients come and go at once. */
  @ParameterizedTest
  @ValueSource(strings = {"xclient", "proxy-v1"})
  void noMessageIsToldToBeOfAnotherClient(String announce) throws Exception {
    boolean proxy = announce.startsWith("proxy");
    try (AnnouncingMember member = new AnnouncingMember(proxy);
        RunningHouse house = house(member, announce, "")) {
      mixedMail(house);
      List<Taken> taken = member.taken();
      assertThat(taken).hasSize(CLIENTS * LINKS * 3);
      for (Taken each : taken) {
        String client = each.sender().substring(2, each.sender().indexOf('@'));
        assertThat(each.client())
            .startsWith(
                proxy
                    ? "PROXY TCP4 127.0.3." + client + " 127.0.0.1 "
                    : "NAME=[TEMPUNAVAIL] ADDR=127.0.3." + client);
      }
      assertThat(member.connections()).as("reused").isLessThan(taken.size() / 2);
    }
  }

  private static void mixedMail(RunningHouse house) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 1; client <= CLIENTS; client++) {
        int number = client;
        clients.add(
            threads.submit(() -> {
              for (int i = 0; i < LINKS; i++) {
                mails(house, number);
              }
              return null;
            }));
      }
      for (Future<?> each : clients) {
        each.get();
      }
    }
  }

  private static void mails(RunningHouse house, int client) throws IOException {
    try (MailLink link = MailLink.from("127.0.3." + client, house)) {
      link.say("EHLO client.example.org");
      for (int i = 0; i < 3; i++) {
        assertThat(link.send("c" + client + "@example.org")).startsWith("250");
      }
      link.say("QUIT");
    }
  }

  /** The connection is begun before one reload, told of its client after it, and kept over two. */
  @Test
  void whatAMemberWasToldAcrossAReloadIsNotTakenForAnotherClient() throws Exception {
    CountDownLatch greets = new CountDownLatch(1);
    try (AnnouncingMember member = new AnnouncingMember(false, greets);
        RunningHouse house = house(member, "none", "");
        MailLink first = MailLink.from("127.0.3.1", house)) {
      first.say("EHLO client.example.org");
      first.write("MAIL FROM:<a@example.org>\r\n");
      await().until(() -> member.connections() > 0);
      assertThat(house.reload(text(member.port(), "xclient", "")).applied()).isTrue();
      greets.countDown();
      assertThat(first.reply()).startsWith("250");
      first.say("RCPT TO:<b@example.net>");
      first.say("DATA");
      first.write(MailLink.BODY);
      assertThat(first.reply()).startsWith("250");
      assertThat(house.reload(text(member.port(), "none", "")).applied()).isTrue();
      for (int i = 0; i < 8; i++) { // Of several loops.
        try (MailLink other = MailLink.from("127.0.3.2", house)) {
          other.say("EHLO client.example.org");
          assertThat(other.send("b@example.org")).startsWith("250");
        }
      }
      assertThat(member.taken().getFirst().client()).endsWith("ADDR=127.0.3.1");
      assertThat(member.taken().stream().skip(1)).extracting(Taken::client).containsOnly("");
    }
  }

  @Test
  void aTraceHeaderStandsInFrontOfTheMessage() throws Exception {
    try (AnnouncingMember member = new AnnouncingMember(false);
        RunningHouse house = house(member, "header", "");
        MailLink link = MailLink.from("127.0.3.7", house)) {
      link.say("EHLO client.example.org(evil)");
      assertThat(link.send("a@example.org")).startsWith("250");
      link.say("EHLO client.example.org(evil)"); // By now it is known that the member takes BDAT.
      link.say("MAIL FROM:<b@example.org>");
      link.say("RCPT TO:<b@example.net>");
      link.write("BDAT 6 LAST\r\nhello\n");
      assertThat(link.reply()).startsWith("250");
      String from = "Received: from client.example.org\\?evil\\? \\(\\[127.0.3.7\\]\\)\r\n";
      String by = "\tby lb.example.net \\(Posthouse\\) with ESMTP;\r\n";
      String header = from + by + "\t[^\r\n]+ \\+0000\r\n";
      assertThat(member.taken().get(0).body()).matches(header + "Subject: test\r\n\r\na line\r\n");
      assertThat(member.taken().get(1).body()).matches(header + "hello\n");
    }
  }

  @Test
  void aBelievedPeerSpeaksForAnotherClientOfAnotherClass() throws Exception {
    try (AnnouncingMember member = new AnnouncingMember(false);
        RunningHouse house = house(member, "xclient", ", believe: { xclient: [fronts] }");
        MailLink front = MailLink.from("127.0.0.2", house);
        MailLink other = MailLink.from("127.0.0.3", house)) {
      front.say("EHLO front.example.org");
      assertThat(front.say("XCLIENT ADDR=127.0.3.9 NAME=nine.example.org")).startsWith("220 ");
      front.say("EHLO nine.example.org");
      assertThat(front.send("c9@example.org")).startsWith("250");
      other.say("EHLO other.example.org");
      assertThat(other.say("XCLIENT ADDR=127.0.3.9")).startsWith("550 5.7.0");
      assertThat(other.send("c3@example.org")).startsWith("250");

      assertThat(member.taken())
          .extracting(Taken::client)
          .containsExactly(
              "NAME=nine.example.org ADDR=127.0.3.9", "NAME=[TEMPUNAVAIL] ADDR=127.0.0.3");
    }
  }

  /** Postfix says [UNAVAILABLE] of what it does not know: that is not the client before. */
  @Test
  void aClientWhoseAddressIsUnknownIsNotTheOneBefore() throws Exception {
    try (AnnouncingMember member = new AnnouncingMember(false);
        RunningHouse house = house(member, "xclient", ", believe: { xclient: [fronts] }");
        MailLink front = MailLink.from("127.0.0.2", house)) {
      front.say("EHLO front.example.org");
      front.say("XCLIENT ADDR=127.0.3.9 NAME=nine.example.org PORT=99");
      front.say("EHLO nine.example.org");
      assertThat(front.send("c9@example.org")).startsWith("250");
      assertThat(front.say("XCLIENT ADDR=[UNAVAILABLE] NAME=[UNAVAILABLE]")).startsWith("220 ");
      front.say("EHLO ten.example.org");
      assertThat(front.send("c10@example.org")).startsWith("250");

      assertThat(member.taken())
          .extracting(Taken::client)
          .containsExactly(
              "NAME=nine.example.org ADDR=127.0.3.9", "NAME=[TEMPUNAVAIL] ADDR=127.0.0.2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "IPV6:::", "224.0.0.1", "255.255.255.255", "IPV6:ff02::1", "nonsense"})
  void anAddressThatNoHostHasIsRefused(String address) throws Exception {
    try (AnnouncingMember member = new AnnouncingMember(false);
        RunningHouse house = house(member, "xclient", ", believe: { xclient: [fronts] }");
        MailLink front = MailLink.from("127.0.0.2", house)) {
      front.say("EHLO front.example.org");
      assertThat(front.say("XCLIENT ADDR=" + address)).startsWith("501 5.5.4 ");
    }
  }

  @Test
  void aClientThatIsAnnouncedIsOfItsOwnClassOrOfNone() throws Exception {
    try (AnnouncingMember member = new AnnouncingMember(false);
        RunningHouse house =
            house(member, "xclient", ", classes: [known], believe: { xclient: [fronts] }");
        MailLink front = MailLink.from("127.0.0.2", house)) {
      front.say("EHLO front.example.org");
      assertThat(front.say("XCLIENT ADDR=IPV6:2001:db8::1")).startsWith("554 5.7.1 ");
      assertThatThrownBy(() -> front.say("NOOP")).isInstanceOf(IOException.class);
      assertThat(member.taken()).isEmpty();
    }
  }

  private RunningHouse house(AnnouncingMember member, String announce, String more)
      throws Exception {
    return house(member.port(), announce, more);
  }

  private RunningHouse house(int port, String announce, String more) throws Exception {
    return RunningHouse.start(directory, text(port, announce, more));
  }

  private static String text(int port, String announce, String more) {
    return """
    data-groups: { fronts: [127.0.0.2], known: [127.0.0.0/24] }
    client-classes:
      known: { from: known, relay: any }
    pools:
      hub: { announce: %s, members: { ex1: 127.0.0.1:%d } }
    virtual-servers:
      mail: { listen: 127.0.0.1:0, pool: hub%s }
    """
        .formatted(announce, port, more);
  }
}
