package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * The recipients that scanners try, by clients of each relay right, in front of a Postfix that
 * relays for everybody: it logs each recipient that it hears of.
 */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RelayGuardTest {
  private static final String LISTED = "127.0.0.11";
  private static final String NONE = "127.0.0.12";
  private static final String ANY = "127.0.0.13";
  private static final String MEMBERS = "127.0.0.14";
  private static final Pattern HEARD = Pattern.compile("RCPT from [^:]*: <([^>]*)>");

  /** A sender, and a recipient that is none of ours, however it is written. */
  private static final List<List<String>> TRICKS =
      List.of(
          List.of("spam@abuse.example", "victim@abuse.example"),
          List.of("spam", "victim@abuse.example"),
          List.of("", "victim@abuse.example"),
          List.of("spam@[127.0.0.1]", "victim@abuse.example"),
          List.of("spam@ours.example", "victim@abuse.example"),
          List.of("spam@ours.example", "victim%abuse.example@ours.example"),
          List.of("spam@ours.example", "victim%abuse.example@[127.0.0.1]"),
          List.of("spam@ours.example", "\"victim@abuse.example\""),
          List.of("spam@ours.example", "\"victim%abuse.example\""),
          List.of("spam@ours.example", "victim@abuse.example@ours.example"),
          List.of("spam@ours.example", "\"victim@abuse.example\"@ours.example"),
          List.of("spam@ours.example", "victim@abuse.example@[127.0.0.1]"),
          List.of("spam@ours.example", "@ours.example:victim@abuse.example"),
          List.of("spam@ours.example", "@[127.0.0.1]:victim@abuse.example"),
          List.of("spam@ours.example", "abuse.example!victim"),
          List.of("spam@ours.example", "abuse.example!victim@ours.example"),
          List.of("spam@ours.example", "abuse.example!victim@[127.0.0.1]"),
          List.of("spam@ours.example", "IMCEASMTP-victim+40abuse+2Eexample@ours.example"),
          List.of("spam@ours.example", "\"imceasmtp-victim+40abuse.example\"@ours.example"),
          List.of("spam@ours.example", "@ours.example:victim@ours.example"),
          List.of("postmaster@ours.example", "victim@abuse.example"),
          List.of("spam@ours.example", "victim@[127.0.0.1]"),
          List.of("spam@ours.example", "victim@[IPv6:::1]"),
          List.of("spam@ours.example", "postmaster@abuse.example"),
          List.of("spam@ours.example", "victim@ours.example.abuse.example"));

  private final int port = Ports.free();
  private final Postfix postfix;
  private final Posthouse posthouse;

  RelayGuardTest(Lab lab) {
    postfix = lab.postfix("open");
    posthouse =
        lab.posthouse(
            new Config()
                .mode("smtp")
                .listen("127.0.0.1:" + port)
                .member(postfix)
                .block(
                    "data-groups",
                    "{ listed: [%s], nobody: [%s], all: [%s], members: [%s], ours: { type: domain, values: [ours.example, .ours.example, bücher.example] } }"
                        .formatted(LISTED, NONE, ANY, MEMBERS))
                .clientClass("listed", "from: listed, relay: ours")
                .clientClass("none", "from: nobody, relay: none")
                .clientClass("all", "from: all, relay: any")
                .clientClass("members", "from: members, relay: server"));
  }

  @Test
  void nothingThatIsRefusedReachesAMember() throws IOException {
    int counted = refusedRecipients();
    int refused = 0;
    for (String restricted : List.of(LISTED, NONE)) {
      for (List<String> trick : TRICKS) {
        String answer = tried(restricted, trick.get(0), trick.get(1));
        assertThat(answer)
            .as("%s from %s", trick, restricted)
            .matches("(550 5\\.7\\.1|501 5\\.1\\.[37]) .*");
        refused += answer.startsWith("550") ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(TRICKS.size());
    assertThat(refusedRecipients() - counted).isEqualTo(refused);
    assertThat(tried(LISTED, "a@x.example", "mark@ours.example")).startsWith("250");
    awaitHeard("mark@ours.example");
    assertThat(heard().keySet()).noneMatch(heard -> heard.matches("(?i).*(victim|abuse).*"));
    // Not each has a line: 20 a second and kind, and how many there were besides.
    assertThat(posthouse.log("relaying denied"))
        .anyMatch(line -> line.contains("recipient=victim@abuse.example"));
  }

  @Test
  void whatEachClassMaySendToArrives() throws IOException {
    for (String good :
        List.of("b@ours.example", "B@SUB.Ours.Example", "b@xn--bcher-kva.example", "postmaster")) {
      assertThat(tried(LISTED, "", good)).as(good).startsWith("250");
    }
    assertThat(tried(NONE, "", "postmaster")).startsWith("250");
    assertThat(tried(NONE, "", "b@ours.example")).startsWith("550 5.7.1 ");
    assertThat(tried(ANY, "a@x.example", "b@any.example")).startsWith("250");
    assertThat(tried(MEMBERS, "a@x.example", "b@members.example")).startsWith("250");
    awaitHeard("b@members.example");
    assertThat(heard()).containsKeys("b@any.example", "b@ours.example", "B@SUB.Ours.Example");
  }

  /** The answer to the recipient, or to the sender where that has no form at all. */
  private String tried(String client, String sender, String recipient) throws IOException {
    try (Talk talk = Talk.from(client, "127.0.0.1", port)) {
      talk.ask("EHLO client.example", "250");
      String mail = talk.ask("MAIL FROM:<" + sender + ">", "");
      String answer = mail.startsWith("250") ? talk.ask("RCPT TO:<" + recipient + ">", "") : mail;
      talk.ask("QUIT", "221");
      return answer;
    }
  }

  /** How many recipients the relay guard has refused to clients of all classes. */
  private int refusedRecipients() {
    int all = 0;
    for (JsonNode each : posthouse.virtualServer().get("classes")) {
      all += each.get("refused-recipients").asInt();
    }
    return all;
  }

  private void awaitHeard(String recipient) {
    await(recipient).atMost(Duration.ofSeconds(10)).until(() -> heard().containsKey(recipient));
  }

  /** How often the member heard of each recipient. */
  private Map<String, Integer> heard() {
    Map<String, Integer> heard = new TreeMap<>();
    for (String line : postfix.log()) {
      Matcher matcher = HEARD.matcher(line);
      if (matcher.find()) {
        heard.merge(matcher.group(1), 1, Integer::sum);
      }
    }
    return heard;
  }
}
