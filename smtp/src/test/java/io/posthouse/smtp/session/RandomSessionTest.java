package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Reply;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever client and member do, in whatever order: the laws that no script can cover. */
class RandomSessionTest {
  private static final String[] COMMANDS = {
    "EHLO c.example",
    "HELO c.example",
    "MAIL FROM:<a@x>",
    "MAIL FROM:<a@x> SIZE=2000",
    "RCPT TO:<b@y>",
    "RCPT TO:<c@y>",
    "DATA",
    "BDAT 5",
    "BDAT 0",
    "BDAT 3 LAST",
    "BDAT 0 LAST",
    "RSET",
    "NOOP",
    "BOGUS"
  };
  private static final String[] REPLIES = {
    "250 ok",
    "250 ok",
    "250 ok",
    "250 ok",
    "354 go",
    "354 go",
    "452 4.3.1 full",
    "451 4.7.1 later",
    "550 5.1.1 no",
    "421 4.4.2 idle",
    "220 hello"
  };

  @Test
  void anyOrderOfEventsKeepsTheLaws() {
    for (long seed = 0; seed < 60_000; seed++) {
      try {
        run(new SplittableRandom(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void run(SplittableRandom random) {
    Transcript t = new Transcript();
    t.link.open();
    t.client("EHLO c.example");
    boolean searching = false;
    boolean connected = false;
    for (int step = 0; step < 40 && t.link.state() != ClientState.CLOSED; step++) {
      t.lines.clear();
      ClientState before = t.link.state();
      String event = event(t, random, searching, connected);
      if (event.equals("acquired")) {
        searching = false;
        connected = true;
      } else if (event.equals("unavailable")) {
        searching = false;
      }
      for (String line : t.lines) {
        if (line.startsWith("-- acquire")) {
          assertThat(connected || searching).as("a second connection").isFalse();
          searching = true;
        } else if (line.startsWith("-- release")) {
          assertThat(connected || searching).as("released once").isTrue();
          searching = false;
          connected = false;
        } else if (line.startsWith(">>")) {
          assertThat(connected || t.lines.contains("-- release CLOSE"))
              .as("a command to nobody")
              .isTrue();
        } else if (line.startsWith("S: ")) {
          lawsOfAReply(before, event, line);
        }
      }
    }
  }

  private static void lawsOfAReply(ClientState before, String event, String line) {
    // A greeting or EHLO refused by every member is told as it was said (design: failure policy).
    boolean serverFault = event.equals("lost") || event.equals("timeout");
    if (serverFault) {
      assertThat(line).as("a fault of a server is no 5xx").doesNotStartWith("S: 550");
    }
    if (before == ClientState.FINAL_REPLY && line.startsWith("S: 250")) {
      assertThat(event).as("no invented success").isEqualTo("reply 250 ok");
    }
  }

  private static String event(
      Transcript t, SplittableRandom random, boolean searching, boolean connected) {
    int dice = random.nextInt(100);
    if (searching && dice < 40) {
      if (dice < 35) {
        ServerSide fresh = new ServerSide();
        fresh.answered(Reply.of(220, "hello"));
        fresh.greeted(
            new io.posthouse.smtp.Command.Hello(true, "c.example"),
            io.posthouse.smtp.EhloKeywords.of(
                new Reply(
                    250,
                    random.nextBoolean()
                        ? List.of("m", "CHUNKING")
                        : List.of("m", "PIPELINING", "CHUNKING"))));
        t.link.acquired(fresh);
        return "acquired";
      }
      t.link.unavailable(Reply.of(451, "4.3.2 none"));
      return "unavailable";
    }
    if (connected && dice < 60) {
      if (dice < 52) {
        String reply = REPLIES[random.nextInt(REPLIES.length)];
        t.member(reply);
        return "reply " + reply;
      }
      if (dice < 56) {
        t.link.serverLost("reset");
        return "lost";
      }
      t.link.serverTimeout();
      return "timeout";
    }
    return client(t, random, dice);
  }

  private static String client(Transcript t, SplittableRandom random, int dice) {
    if (dice == 99) {
      t.link.clientLost();
      return "client lost";
    }
    if (dice == 98) {
      t.link.clientEnded();
      return "client ended";
    }
    if (dice == 97) {
      t.link.replayLost();
      return "replay lost";
    }
    return switch (t.link.input()) {
      case COMMAND -> {
        t.client(COMMANDS[random.nextInt(COMMANDS.length)]);
        yield "command";
      }
      case CHUNK -> {
        t.link.bodyOctets(1 + random.nextLong(t.link.chunkOctetsLeft()));
        yield "chunk";
      }
      case DATA -> {
        t.link.bodyOctets(3);
        if (random.nextBoolean()) {
          t.link.endOfData();
        }
        yield "data";
      }
      case HELD, CLOSED, RESPONSE, HANDSHAKE -> {
        if (t.link.awaitsCommit()) {
          t.link.committed();
        }
        yield "nothing";
      }
    };
  }
}
