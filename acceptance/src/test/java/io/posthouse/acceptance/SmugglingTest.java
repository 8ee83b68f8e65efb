package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is not quite the end of a message, with a second mail behind it (SMTP smuggling), against
 * members of which some would take it for the end.
 */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SmugglingTest {
  private static final List<String> LINE_ENDS = List.of("reject", "normalise");

  private static final String TRUE_END = "\r\n.\r\n";
  private static final List<String> BEFORE =
      List.of(
          "\n", "\r", "\r\n", "\n\n", "\r\r", "\n\r", "\r\r\n", "\r\n\0", "\0\n", "\0\r\n", "\0");
  private static final List<String> AFTER =
      List.of("\n", "\r", "\r\n", "\n\n", "\r\r", "\n\r", "\r\r\n", "\0\r\n", "\n\0", "\0", "");

  private final Peers peers;
  private int attempts;

  SmugglingTest(Lab lab) {
    peers = new Peers(lab, "smtpd_forbid_bare_newline = no", "smtpd_forbid_unauth_pipelining = no");
  }

  /**
   * All of those two around a dot, and some around two. A true end is there only behind something
   * that may hide it; the mail behind it is still refused, since it comes before the 354.
   */
  private static Set<String> ends() {
    Set<String> ends = new LinkedHashSet<>();
    for (String before : BEFORE) {
      for (String after : AFTER) {
        ends.add(before + "." + after);
      }
    }
    ends.addAll(List.of("\r\n..\r\n", "\n..\n", "\n..\r\n", "\r\n..\n", "\r..\r"));
    ends.remove(TRUE_END);
    return ends;
  }

  static Stream<Arguments> lineEndsAndTargets() {
    return LINE_ENDS.stream()
        .flatMap(ends -> Peers.NAMES.stream().map(target -> Arguments.of(ends, target)));
  }

  @ParameterizedTest
  @MethodSource("lineEndsAndTargets")
  void oneMessageInIsOneMessageOut(String lineEnds, String target) throws IOException {
    peers.lineEnds(lineEnds);
    List<String> wrong = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    int first = attempts;
    for (String end : ends()) {
      List<String> replies = attempt(peers.port(target), end);
      boolean refused = lineEnds.equals("reject") && isRefused(end);
      if (!refused) {
        taken.add(outer(attempts));
      }
      boolean right =
          refused
              ? replies.size() == 1 && replies.getFirst().startsWith("550 5.5.2 ")
              : replies.getFirst().startsWith("250 ")
                  && (end.contains(TRUE_END) || replies.getLast().startsWith("221 "));
      if (!right) {
        wrong.add(visible(end) + " got " + replies);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(senders(target, first)).containsExactlyInAnyOrderElementsOf(taken);
  }

  /** That this class would see a smuggled mail: Postfix as set here takes one. */
  @Test
  void withoutPosthouseASecondMailComesIn() throws IOException {
    int first = attempts;
    attempt(peers.postfix().port(), "\n.\n");
    assertThat(senders("postfix", first)).contains(smuggled(attempts));
  }

  /** Sends a message with a false end and a second one behind it; the replies to all of that. */
  private List<String> attempt(int port, String end) throws IOException {
    attempts++;
    try (Talk talk = Talk.to("127.0.0.1", port)) {
      talk.ask("EHLO client.acceptance.test", "250");
      talk.ask("MAIL FROM:<" + outer(attempts) + ">", "250");
      talk.ask("RCPT TO:<b@peers.example>", "250");
      talk.ask("DATA", "354");
      talk.send(
          "Subject: outer\r\n\r\ntext"
              + end
              + "MAIL FROM:<"
              + smuggled(attempts)
              + ">\r\nRCPT TO:<victim@peers.example>\r\nDATA\r\nSubject: smuggled\r\n\r\ntext"
              + TRUE_END
              + "QUIT\r\n");
      return talk.rest();
    }
  }

  private static String outer(int attempt) {
    return "outer-" + attempt + "@client.example";
  }

  private static String smuggled(int attempt) {
    return "smuggled-" + attempt + "@client.example";
  }

  /** The senders of what a member took of the attempts after this one. */
  private List<String> senders(String target, int after) {
    return peers.member(target).kept().stream()
        .map(Mail::sender)
        .filter(sender -> sender.matches("(outer|smuggled)-.*"))
        .filter(sender -> Integer.parseInt(sender.replaceAll("\\D", "")) > after)
        .toList();
  }

  /** What has a bare CR or LF, or what OpenSMTPD takes for the end. */
  private static boolean isRefused(String end) {
    return end.replace("\r\n", "").matches("(?s).*[\r\n].*") || end.contains("\r\n.\0");
  }

  private static String visible(String octets) {
    return octets.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
  }
}
