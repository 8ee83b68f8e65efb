package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.StoringServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections to members that serve one client after the other. */
@ExtendWith(NoLeaks.class)
final class WarmConnectionsTest {
  private static final int CLIENTS = 20;
  private static final int MESSAGES = 500;

  @TempDir Path directory;

  /** Clients greet in their own way, err, give up envelopes, and leave without a word. */
  @Test
  void aMemberSeesEachMessageWithTheNameAndFormAndTheErrorsOfItsOwnClient() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member, "")) {
      all(CLIENTS, client -> mixedMail(house, client));
      List<StoringServer.Stored> stored = member.stored();
      assertThat(stored).hasSize(CLIENTS * MESSAGES);
      for (StoringServer.Stored each : stored) {
        int client = Integer.parseInt(each.sender().substring(1, each.sender().indexOf('-')));
        assertThat(each.hello()).as(each.sender()).isEqualTo(greeting(client));
        assertThat(each.errorsBefore()).as(each.sender()).isZero();
      }
      System.out.printf(
          "warm connections: %d messages of %d clients over %d connections%n",
          stored.size(), CLIENTS, member.connections());
      assertThat(member.connections()).as("reused").isLessThan(stored.size() / 2);
    }
  }

  private static void mixedMail(RunningHouse house, int client) throws IOException {
    SplittableRandom random = new SplittableRandom(client);
    int sent = 0;
    while (sent < MESSAGES) {
      try (MailLink link = MailLink.from("127.0.0." + (1 + client), house)) {
        link.say(greeting(client));
        for (int i = random.nextInt(20); i >= 0 && sent < MESSAGES; i--) {
          String sender = "c" + client + "-" + sent + "@example.org";
          switch (random.nextInt(6)) {
            case 0 -> {
              link.say("MAIL FROM:<" + sender + ">");
              assertThat(link.say("RCPT TO:<nobody@example.net>")).startsWith("550");
              link.say("RSET");
            }
            case 1 -> {
              link.say("MAIL FROM:<" + sender + ">");
              link.say("RCPT TO:<b@example.net>");
              link.say("RSET");
            }
            case 2 -> assertThat(link.say("BOGUS")).startsWith("500");
            default -> {
              assertThat(link.send(sender)).startsWith("250");
              sent++;
            }
          }
        }
        if (random.nextBoolean()) {
          link.say("QUIT");
        }
      }
    }
  }

  private static String greeting(int client) {
    return (client % 3 == 0 ? "HELO" : "EHLO") + " client" + client + ".example.net";
  }

  @Test
  void withOneConnectionAllowedNobodyWaitsForOneThatIsKeptForNobody() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member, ", max-connections: 1")) {
      // Sixteen links are on both loops, but for one start in 32,768.
      List<MailLink> links = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        links.add(MailLink.greeted(house));
      }
      long began = System.nanoTime();
      for (int i = 0; i < 160; i++) {
        assertThat(links.get(i % links.size()).send("c0-" + i + "@example.org")).startsWith("250");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(member.connections()).as("moved between loops").isGreaterThan(1);
      // An idle connection lives for ten seconds; the queue's patience is five.
      assertThat(took).isLessThan(Duration.ofSeconds(5));
      for (MailLink each : links) {
        each.close();
      }
    }
  }

  @Test
  void withOneConnectionAllowedManyLinksAtOnceTakeTurns() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member, ", max-connections: 1")) {
      all(
          8,
          client -> {
            try (MailLink link = MailLink.greeted(house)) {
              for (int i = 0; i < 50; i++) {
                String sender = "c" + client + "-" + i + "@example.org";
                assertThat(link.send(sender)).startsWith("250");
              }
            }
          });
      assertThat(member.stored()).hasSize(8 * 50);
    }
  }

  @Test
  void aMemberThatWantsNoReuseGetsAConnectionForEachMessage() throws Exception {
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = house(member, ", reuse: false");
        MailLink link = MailLink.greeted(house)) {
      for (int i = 0; i < 10; i++) {
        assertThat(link.send("c0-" + i + "@example.org")).startsWith("250");
      }
      assertThat(member.connections()).isEqualTo(10);
    }
  }

  private interface Client {
    void run(int number) throws IOException;
  }

  private static void all(int clients, Client client) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int number = i;
        Callable<Boolean> work =
            () -> {
              client.run(number);
              return true;
            };
        running.add(threads.submit(work));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  private RunningHouse house(StoringServer member, String keys) throws Exception {
    return RunningHouse.start(
        directory,
        """
        log: { links: false }
        pools:
          hub:
            members: { m1: { address: "127.0.0.1:%d"%s } }
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub, smtp: { max-errors: 1000 } }
        """
            .formatted(member.port(), keys));
  }
}
