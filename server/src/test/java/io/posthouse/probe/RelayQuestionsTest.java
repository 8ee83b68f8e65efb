package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.posthouse.audit.RelayPatterns;
import io.posthouse.audit.Tried;
import io.posthouse.audit.Tried.Outcome;
import io.posthouse.door.Ticker;
import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.MachineClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a live audit says to a server, which is recorded, and what it makes of the answers. */
class RelayQuestionsTest {
  private static final List<RelayPatterns.Pattern> ALL =
      RelayPatterns.of("relaytest@example.net", "lb.example.org", "192.0.2.1");

  private final List<List<String>> connections = new CopyOnWriteArrayList<>();
  private volatile String greeting = "220 mx";
  private volatile String mail = "250 ok";
  private volatile String recipient = "550 5.7.1 no";
  private volatile String closesAfter = "QUIT";
  private volatile Consumer<String> beforeReply = verb -> {};

  private void serve(Socket client) throws IOException {
    List<String> said = new CopyOnWriteArrayList<>();
    connections.add(said);
    say(client, greeting);
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    String line;
    while ((line = lines.readLine()) != null) {
      String verb = line.split(" ", 2)[0];
      said.add(verb);
      beforeReply.accept(verb);
      say(
          client,
          switch (verb) {
            case "MAIL" -> mail;
            case "RCPT" -> recipient;
            case "QUIT" -> "221 bye";
            default -> "250 ok";
          });
      if (verb.equals(closesAfter)) {
        return;
      }
    }
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private List<Tried> ask() {
    return ask(new MachineClock());
  }

  private List<Tried> ask(Ticker ticker) {
    try (LoopbackServer server = LoopbackServer.with(this::serve)) {
      InetSocketAddress there = new InetSocketAddress("127.0.0.1", server.port());
      RelayQuestions.Way way =
          new RelayQuestions.Way(socket -> socket.connect(there, 5_000), false);
      return new RelayQuestions(way, "lb.example.org", ticker).ask(ALL);
    }
  }

  /** Whatever the server answers: were there a message, somebody might get it. */
  @ParameterizedTest
  @ValueSource(strings = {"250 ok", "251 will do", "354 go on", "450 later", "550 no"})
  void neverABodyFiveRecipientsToAConnectionAndAFarewell(String answer) {
    recipient = answer;

    assertThat(ask()).hasSize(ALL.size());

    assertThat(connections).hasSize((ALL.size() + 4) / 5);
    for (List<String> said : connections) {
      assertThat(said).containsOnly("EHLO", "MAIL", "RCPT", "RSET", "QUIT").endsWith("QUIT");
      assertThat(said).filteredOn("RCPT"::equals).hasSizeLessThanOrEqualTo(5);
      assertThat(String.join(" ", said)).doesNotContain("RCPT MAIL").doesNotContain("RCPT RCPT");
    }
  }

  @Test
  void onlyARefusalForGoodIsOne() {
    assertThat(ask()).extracting(Tried::outcome).containsOnly(Outcome.REFUSED);
    recipient = "450 4.2.0 greylisted";
    assertThat(ask())
        .extracting(Tried::outcome, Tried::said)
        .containsOnly(tuple(Outcome.UNTESTED, "RCPT: 450 4.2.0 greylisted"));
    recipient = "503 5.5.1 MAIL first";
    assertThat(ask()).extracting(Tried::outcome).containsOnly(Outcome.UNTESTED);
    mail = "451 4.3.0 not now";
    assertThat(ask()).extracting(Tried::said).containsOnly("MAIL: 451 4.3.0 not now");
    assertThat(connections.getLast()).doesNotContain("RCPT");
  }

  @Test
  void whatWasAcceptedIsToldAlsoWhenTheConnectionBreaksAfterIt() {
    recipient = "250 2.1.5 Ok";
    closesAfter = "RSET";

    assertThat(ask().getFirst())
        .extracting(Tried::outcome, Tried::said)
        .containsExactly(Outcome.ACCEPTED, "250 2.1.5 Ok");
  }

  @Test
  void whoIsNotLetInAsksNoMore() {
    greeting = "554 5.7.1 go away";
    assertThat(ask()).hasSize(ALL.size()).extracting(Tried::outcome).containsOnly(Outcome.REFUSED);
    greeting = "421 4.3.2 busy";
    assertThat(ask())
        .hasSize(ALL.size())
        .extracting(Tried::said)
        .containsOnly("greeting: 421 4.3.2 busy");
    assertThat(connections).hasSize(2);
  }

  @Test
  void aLostConnectionIsToldWithItsStep() {
    closesAfter = "EHLO";

    assertThat(ask())
        .hasSize(ALL.size())
        .allMatch(each -> each.outcome() == Outcome.UNTESTED)
        .allMatch(each -> each.said().startsWith("foreign: "));
  }

  /** Exchange waits five seconds before each refusal when nobody has told it otherwise. */
  @Test
  void aTarpitOfFiveSecondsIsOutwaited() {
    HandClock clock = new HandClock();
    beforeReply =
        verb -> {
          if (verb.equals("RCPT")) {
            clock.advance(Duration.ofSeconds(5));
          }
        };

    assertThat(ask(clock)).extracting(Tried::outcome).containsOnly(Outcome.REFUSED);
  }

  @Test
  void itIsOverAfterFiveMinutesAndThePlainOnesWereAsked() {
    HandClock clock = new HandClock();
    beforeReply = verb -> clock.advance(Duration.ofSeconds(9));

    List<Tried> tried = ask(clock);

    assertThat(tried).hasSize(ALL.size());
    assertThat(tried)
        .filteredOn(each -> !each.pattern().hidden())
        .extracting(Tried::outcome)
        .doesNotContain(Outcome.UNASKED);
    assertThat(tried.getLast().outcome()).isEqualTo(Outcome.UNASKED);
    assertThat(tried.getLast().said()).isEqualTo("not asked: 300 s were over");
  }

  @Test
  void aConnectionThatIsStuckCostsTheOthersLittle() {
    HandClock clock = new HandClock();
    AtomicInteger recipients = new AtomicInteger();
    beforeReply =
        verb -> {
          if (verb.equals("RCPT") && recipients.incrementAndGet() == 3) {
            clock.advance(Duration.ofMinutes(2));
          }
        };

    assertThat(ask(clock)).filteredOn(each -> each.outcome() != Outcome.REFUSED).hasSize(1);
  }

  /** Reads have deadlines, writes have none. */
  @Test
  void whoNeverReadsIsCutOff() {
    CountDownLatch done = new CountDownLatch(1);
    try (LoopbackServer server = LoopbackServer.with(client -> uninterruptibly(done))) {
      InetSocketAddress there = new InetSocketAddress("127.0.0.1", server.port());
      RelayQuestions.Way way =
          new RelayQuestions.Way(
              socket -> {
                socket.connect(there, 5_000);
                byte[] many = new byte[1 << 20];
                while (true) {
                  socket.getOutputStream().write(many);
                }
              },
              false);
      Duration soon = Duration.ofMillis(50);
      RelayQuestions questions =
          new RelayQuestions(
              way,
              "lb.example.org",
              new MachineClock(),
              new RelayQuestions.Patience(soon, soon, soon));

      assertThat(questions.ask(ALL))
          .hasSize(ALL.size())
          .allMatch(each -> each.outcome() == Outcome.UNTESTED)
          .allMatch(each -> each.said().startsWith("connect: "));
      done.countDown();
    }
  }

  private static void uninterruptibly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
