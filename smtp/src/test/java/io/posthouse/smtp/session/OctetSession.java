package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.CommandParser;
import io.posthouse.smtp.Parsed;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import io.posthouse.smtp.ReplyParser;
import io.posthouse.smtp.wire.EndOfDataScanner;
import io.posthouse.smtp.wire.LineScanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A link between a client and a member that may send any octets: what they send is cut as a server
 * would cut it, and the laws are looked at after each piece.
 */
final class OctetSession {
  private static final int MAX_LINE = 2048;

  final Transcript transcript = new Transcript();
  private final Link link = transcript.link;
  private final LineScanner lines = new LineScanner(MAX_LINE, false);
  private final EndOfDataScanner endOfData = new EndOfDataScanner();
  private final StringBuilder waiting = new StringBuilder();
  private final StringBuilder line = new StringBuilder();
  private final StringBuilder body = new StringBuilder();
  private final ArrayDeque<String> due = new ArrayDeque<>();
  private ReplyParser replies = new ReplyParser();
  private @Nullable Transaction bodyOf;
  private boolean searching;
  private boolean connected;
  private int answersDue = 2; // The greeting and a last word.

  OctetSession() {
    link.open();
    look();
  }

  boolean isClosed() {
    return link.state() == ClientState.CLOSED;
  }

  void client(byte[] octets) {
    waiting.append(new String(octets, StandardCharsets.ISO_8859_1));
    consume();
  }

  void member(byte[] octets) {
    for (int i = 0; i < octets.length && connected; i++) {
      try {
        if (replies.accept(octets[i])) {
          link.reply(replies.take());
        }
      } catch (ReplyFormatException e) {
        link.serverMalformed("not a reply");
      }
      look();
    }
    consume();
  }

  /** The member answers all it was asked as a good one does. */
  void memberAnswers() {
    link.committed();
    StringBuilder answers = new StringBuilder();
    while (!due.isEmpty()) {
      answers.append(due.remove());
    }
    member(answers.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String goodAnswer(String command) {
    return switch (command.substring(0, 4)) {
      case "EHLO" -> "250-m\r\n250-PIPELINING\r\n250 CHUNKING\r\n";
      case "DATA" -> "354 go\r\n";
      default -> "250 ok\r\n";
    };
  }

  void acquired() {
    if (searching) {
      searching = false;
      connected = true;
      replies = new ReplyParser();
      due.clear();
      due.add("220 m\r\n");
      happens(() -> link.acquired(new ServerSide()));
    }
  }

  void unavailable() {
    if (searching) {
      searching = false;
      happens(() -> link.unavailable(Reply.of(451, "4.3.2 none")));
    }
  }

  void serverLost() {
    if (connected) {
      happens(() -> link.serverLost("reset"));
    }
  }

  void serverTimeout() {
    if (connected) {
      happens(link::serverTimeout);
    }
  }

  /** Something that may happen at any time. */
  void happens(Runnable event) {
    event.run();
    look();
    consume();
  }

  private void consume() {
    while (!waiting.isEmpty() && step()) {
      look();
    }
    look();
  }

  private boolean step() {
    return switch (link.input()) {
      case COMMAND -> {
        command();
        yield true;
      }
      case DATA -> {
        data();
        yield true;
      }
      case CHUNK -> {
        int count = (int) Math.min(link.chunkOctetsLeft(), waiting.length());
        waiting.delete(0, count);
        link.bodyOctets(count);
        yield true;
      }
      case HELD, CLOSED, RESPONSE, HANDSHAKE -> false;
    };
  }

  private char next() {
    char octet = waiting.charAt(0);
    waiting.deleteCharAt(0);
    return octet;
  }

  private void command() {
    char octet = next();
    line.append(octet);
    LineScanner.Step step = lines.accept((byte) octet);
    transcript.inputBehind = !waiting.isEmpty();
    if (step != LineScanner.Step.MORE) {
      answersDue++;
      String whole = line.toString();
      line.setLength(0);
      tell(step, whole);
    }
  }

  private void tell(LineScanner.Step step, String whole) {
    switch (step) {
      case LINE, LF_LINE -> {
        switch (CommandParser.parse(whole.substring(0, whole.length() - 2))) {
          case Command command -> link.command(command);
          case Parsed.Refused refused -> link.refused(refused);
        }
      }
      case TOO_LONG -> link.lineTooLong();
      case BARE -> link.bareLineEnd();
      case FOREIGN -> link.notSmtp();
      case FLOOD -> link.flood();
      case MORE -> throw new AssertionError("not a line");
    }
  }

  private void data() {
    Transaction now = link.transaction();
    if (now != bodyOf) {
      bodyOf = now;
      body.setLength(0);
    }
    char octet = next();
    EndOfDataScanner.Step step = endOfData.accept((byte) octet);
    if (step != EndOfDataScanner.Step.MORE) {
      endOfData.reset();
    }
    if (step.isRefused()) {
      link.bareLineEnd();
      return;
    }
    if (link.forwardsBody()) {
      body.append(octet);
    }
    link.bodyOctets(1);
    if (step == EndOfDataScanner.Step.END) {
      due.add("250 done\r\n");
      answersDue++;
      link.endOfData();
    }
  }

  /** The laws. */
  private void look() {
    for (String told : transcript.take()) {
      assertThat(told.chars()).as(told).noneMatch(c -> c == '\r' || c == '\n');
      if (told.startsWith("-- acquire")) {
        assertThat(connected || searching).as("a second connection").isFalse();
        searching = true;
      } else if (told.startsWith("-- release")) {
        assertThat(connected || searching).as("released once").isTrue();
        searching = false;
        connected = false;
      } else if (told.startsWith(">>")) {
        assertThat(connected).as("a command to nobody: " + told).isTrue();
        assertThat(told).hasSizeLessThanOrEqualTo(1024 + 3);
        due.add(goodAnswer(told.substring(3)));
      } else if (told.startsWith("S: ")) {
        assertThat(--answersDue).as("more answers than commands").isNotNegative();
      }
    }
    int end = body.indexOf("\r\n.\r\n");
    assertThat(end < 0 || end == body.length() - 5).as("one body is one message").isTrue();
    if (isClosed()) {
      assertThat(connected || searching).as("a connection is left").isFalse();
    }
  }
}
