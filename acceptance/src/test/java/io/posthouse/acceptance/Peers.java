package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Three members of three makes behind one Posthouse in mode smtp, with a virtual server for all of
 * them and one for each.
 */
final class Peers {
  /** The virtual server that has all three; the others are named as their member. */
  static final String ALL = "all";

  /** The names of the members. */
  static final List<String> NAMES = List.of("postfix", "exim", "opensmtpd");

  private final Postfix postfix;
  private final Exim exim;
  private final List<Keeper> members;
  private final Config config = new Config();
  private final Posthouse posthouse;
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  /** Starts all; extra lines go into the main.cf of the member Postfix. */
  Peers(Lab lab, String... postfixSettings) {
    postfix = lab.postfix("postfix", postfixSettings);
    exim = lab.exim("exim", Map.of());
    members = List.of(postfix, exim, lab.openSmtpd("opensmtpd"));
    config.smtp("line-ends: reject").listen("127.0.0.1:" + port(ALL));
    for (Keeper member : members) {
      config.member(member).alone(member, "127.0.0.1:" + port(member.name()));
    }
    posthouse = lab.posthouse(config);
    introduce();
  }

  /** The first mails, by which Posthouse learns what its members offer. */
  private void introduce() {
    for (String target : ports.keySet()) {
      for (int i = 0; i < members.size(); i++) {
        try (Talk talk = Talk.to("127.0.0.1", port(target))) {
          talk.ask("EHLO client.acceptance.test", "250");
          talk.ask("MAIL FROM:<first@client.example>", "250");
          talk.ask("RCPT TO:<first@peers.example>", "250");
          talk.ask("DATA", "354");
          talk.say("Subject: first\r\n\r\nfirst");
          talk.ask(".", "250");
          talk.ask("QUIT", "221");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** Reloads Posthouse with this value of line-ends. */
  void lineEnds(String value) {
    posthouse.write(config.smtp("line-ends: " + value).text());
    posthouse.hangUp();
  }

  /** The port of a virtual server on 127.0.0.1. */
  int port(String target) {
    return ports.computeIfAbsent(target, any -> Ports.free());
  }

  /** For each virtual server a domain whose mail clients send to its port. */
  Map<String, Integer> routes() {
    Map<String, Integer> routes = new LinkedHashMap<>();
    ports.forEach((target, port) -> routes.put(domain(target), port));
    return routes;
  }

  /** The domain whose mail clients send to this virtual server. */
  static String domain(String target) {
    return target + ".peers.example";
  }

  /** The member with this name. */
  Keeper member(String name) {
    return members.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(AssertionError::new);
  }

  /** The member Postfix. */
  Postfix postfix() {
    return postfix;
  }

  /** The member Exim. */
  Exim exim() {
    return exim;
  }

  /** Where a message lies, after a check that it is there once, and sent to the right place. */
  Mail only(String messageId, String target) {
    List<Mail> found =
        members.stream()
            .flatMap(each -> each.kept().stream())
            .filter(mail -> mail.has(messageId))
            .toList();
    assertThat(found).as("messages %s in all stores", messageId).hasSize(1);
    if (!target.equals(ALL)) {
      assertThat(member(target).kept()).as("messages of %s", target).contains(found.getFirst());
    }
    return found.getFirst();
  }

  /** Ends Posthouse and requires that no member had anything to complain of. */
  void requireContent() {
    posthouse.close();
    for (Keeper member : members) {
      await(member.name() + " has logged the end of all connections")
          .atMost(Duration.ofSeconds(20))
          .until(member::isIdle);
      List<String> complaints = new ArrayList<>(member.complaints());
      // Each of its two pools learns by one refusal that OpenSMTPD is greeted once only.
      for (int pool = 0; pool < 2; pool++) {
        complaints.stream()
            .filter(line -> line.contains("503 5.5.1 Invalid command: Already identified"))
            .findFirst()
            .ifPresent(complaints::remove);
      }
      assertThat(complaints).as("complaints of %s", member.name()).isEmpty();
    }
  }
}
