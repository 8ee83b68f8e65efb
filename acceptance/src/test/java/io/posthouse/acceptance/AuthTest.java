package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** AUTH, in mode smtp, of two Postfix members that ask a Dovecot. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthTest {
  private static final String USER = "alice@acceptance.test";
  private static final String PASSWORD = "Korrekt-Pferd-4711";
  private static final int LINKS = 1_000;
  private static final int AT_ONCE = 16;

  private final int port = Ports.free();
  private final int implicitPort = Ports.free();
  private final int guardedPort = Ports.free();
  private final Postfix first;
  private final Postfix second;
  private final SecureClients clients;
  private final Posthouse posthouse;

  AuthTest(Lab lab) {
    Authority authority = new Authority(lab);
    Dovecot dovecot = lab.dovecot(Map.of(USER, PASSWORD));
    first = member(lab, "mx1", authority, dovecot);
    second = member(lab, "mx2", authority, dovecot);
    clients = new SecureClients(lab, authority);
    String ours = authority.issue("balancer.acceptance.test").yaml();
    posthouse =
        lab.posthouse(
            new Config()
                .smtp("line-ends: reject")
                .tls("starttls: optional, " + ours)
                .listen("127.0.0.1:" + port)
                .furtherServer(
                    "submissions",
                    "mode: smtp, pool: hub, listen: [\"127.0.0.1:%d\"], tls: { implicit: true, %s }"
                        .formatted(implicitPort, ours))
                .block("client-classes", "{ people: { from: any, relay: none } }")
                .furtherServer(
                    "guarded",
                    "mode: smtp, pool: hub, listen: [\"127.0.0.1:%d\"], classes: people, tls: { implicit: true, %s }"
                        .formatted(guardedPort, ours))
                .member(first)
                .member(second)
                .pool("tls: required")
                .monitor("deep", "type: smtp, depth: starttls, interval: 1s")
                .log("{ level: debug }"));
    awaitUp("mx1");
    awaitUp("mx2");
  }

  private static Postfix member(Lab lab, String name, Authority authority, Dovecot dovecot) {
    return lab.postfix(
        name,
        Stream.concat(
                Stream.of(authority.issue(name + ".acceptance.test").postfix()),
                Stream.of(dovecot.postfix()))
            .toArray(String[]::new));
  }

  /** Probed at least once, so that Posthouse knows the mechanisms. */
  private void awaitUp(String member) {
    await(member + " is probed")
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            posthouse.effective(member).equals("up")
                && posthouse.member(member).toString().contains("AUTH "));
  }

  static Stream<Arguments> logins() {
    return Stream.of("swaks", "curl", "msmtp")
        .flatMap(client ->
            Stream.of("PLAIN", "LOGIN", "CRAM-MD5")
                .flatMap(mechanism ->
                    Stream.of(false, true)
                        .map(implicit -> Arguments.of(client, mechanism, implicit))));
  }

  @ParameterizedTest
  @MethodSource("logins")
  void eachClientLogsInAndItsMailIsThere(String client, String mechanism, boolean implicit) {
    String id = client + "." + mechanism + "." + implicit + "@acceptance.test";
    clients
        .send(
            client,
            implicit,
            implicit ? implicitPort : port,
            id,
            Optional.of(new SecureClients.Login(mechanism, USER, PASSWORD)))
        .good();
    assertThat(first.taken(id) + second.taken(id)).as("members that took %s", id).isEqualTo(1);
    assertThat(taker(id).envelope(id))
        .contains("sasl_method=" + mechanism, "sasl_username=" + USER);
  }

  @Test
  void aWrongPasswordGetsTheAnswerOfTheMember() throws IOException {
    try (Talk talk = inTls()) {
      talk.ask("AUTH PLAIN " + base64("\0" + USER + "\0falsch"), "535 5.7.8 ");
      talk.ask("AUTH PLAIN " + base64("\0" + USER + "\0" + PASSWORD), "235 ");
      talk.ask("AUTH PLAIN " + base64("\0" + USER + "\0" + PASSWORD), "503 ");
      talk.ask("QUIT", "221");
    }
  }

  @Test
  void whoMayRelayToNobodyMayOnceItHasLoggedIn() throws IOException {
    try (Talk talk = Talk.inTls("127.0.0.1", guardedPort)) {
      talk.ask("EHLO client.example", "250");
      talk.ask("MAIL FROM:<a@client.example>", "250 ");
      talk.ask("RCPT TO:<b@elsewhere.example>", "550 5.7.1 ");
      talk.ask("RSET", "250 ");
      talk.ask("AUTH PLAIN " + base64("\0" + USER + "\0" + PASSWORD), "235 ");
      talk.ask("MAIL FROM:<a@client.example>", "250 ");
      talk.ask("RCPT TO:<b@elsewhere.example>", "250 ");
      talk.ask("QUIT", "221");
    }
  }

  @Test
  void aClientMayCancelAnExchange() throws IOException {
    try (Talk talk = inTls()) {
      talk.ask("AUTH LOGIN", "334 ");
      talk.ask("*", "501 ");
      talk.ask("AUTH LOGIN", "334 ");
      talk.ask(base64(USER), "334 ");
      talk.ask(base64(PASSWORD), "235 ");
      talk.ask("QUIT", "221");
    }
  }

  /**
   * The exchange of XOAUTH2: an error comes as a challenge, which the client answers with nothing.
   */
  @Test
  void anErrorInAChallengeIsAnsweredWithAnEmptyLine() throws IOException {
    try (Talk talk = inTls()) {
      String token = "user=" + USER + "\1auth=Bearer eyJhbGciOiJub25lIn0.e30.\1\1";
      String challenge = talk.ask("AUTH XOAUTH2 " + base64(token), "334 ");
      assertThat(
              new String(
                  Base64.getDecoder().decode(challenge.substring(4)), StandardCharsets.UTF_8))
          .startsWith("{")
          .contains("\"status\"");
      talk.ask("", "535 ");
      talk.ask("QUIT", "221");
    }
  }

  @Test
  void inPlainAuthIsNeitherOfferedNorTaken() throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", port)) {
      assertThat(talk.hello()).noneMatch(line -> line.contains("AUTH"));
      talk.ask("AUTH PLAIN " + base64("\0" + USER + "\0" + PASSWORD), "538 ");
      talk.ask("QUIT", "221");
    }
    try (Talk talk = Talk.to("127.0.0.1", port).startTls()) {
      assertThat(talk.hello())
          .anyMatch(line -> line.matches("250.AUTH .*") && line.contains("CRAM-MD5"));
      talk.ask("QUIT", "221");
    }
  }

  @Test
  void allMailOfALinkThatLoggedInIsAtOneMember() throws IOException {
    for (int link = 0; link < 4; link++) {
      List<String> ids = new ArrayList<>();
      try (Talk talk = loggedIn()) {
        for (int i = 0; i < 5; i++) {
          ids.add("pinned." + link + "." + i + "@acceptance.test");
          talk.mail(SecureClients.FROM, SecureClients.TO, ids.getLast());
        }
        talk.ask("QUIT", "221");
      }
      Postfix member = taker(ids.getFirst());
      assertThat(ids)
          .allSatisfy(id -> {
            assertThat(member.taken(id)).isEqualTo(1);
            assertThat(member.envelope(id)).contains("sasl_username=" + USER);
          });
    }
  }

  @Test
  void aThousandLinksLogInAndSpreadOverBothMembers()
      throws InterruptedException, ExecutionException {
    long firstBefore = logins(first);
    long secondBefore = logins(second);
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> links = new ArrayList<>();
      for (int i = 0; i < LINKS; i++) {
        String id = "thousand." + i + "@acceptance.test";
        links.add(
            threads.submit(() -> {
              try (Talk talk = loggedIn()) {
                talk.mail(SecureClients.FROM, SecureClients.TO, id);
                talk.ask("QUIT", "221");
              }
              return id;
            }));
      }
      for (Future<?> link : links) {
        link.get();
      }
    }
    long ofFirst = logins(first) - firstBefore;
    long ofSecond = logins(second) - secondBefore;
    System.out.printf("%d links with AUTH: %d and %d%n", LINKS, ofFirst, ofSecond);
    assertThat(ofFirst + ofSecond).isEqualTo(LINKS);
    assertThat(ofFirst).isBetween(LINKS / 4L, LINKS * 3L / 4);
  }

  @Test
  void atADrainedMemberAMessageEndsWellAndTheNextGets421() throws IOException {
    try (Talk talk = loggedIn()) {
      talk.mail(SecureClients.FROM, SecureClients.TO, "drain.before@acceptance.test");
      Postfix member = taker("drain.before@acceptance.test");
      talk.ask("MAIL FROM:<" + SecureClients.FROM + ">", "250");
      talk.ask("RCPT TO:<" + SecureClients.TO + ">", "250");
      talk.ask("DATA", "354");
      talk.say("Message-Id: <drain.during@acceptance.test>\r\n\r\nThe first half");
      posthouse.command("drain", "hub/" + member.name()).good();
      talk.say("and the second.");
      talk.ask(".", "250");
      assertThat(member.taken("drain.during@acceptance.test")).isEqualTo(1);
      talk.ask("MAIL FROM:<" + SecureClients.FROM + ">", "421 ");
      assertThat(talk.isEnded()).isTrue();
      try (Talk other = loggedIn()) {
        other.mail(SecureClients.FROM, SecureClients.TO, "drain.after@acceptance.test");
      }
      assertThat(member.taken("drain.after@acceptance.test")).isZero();
      posthouse.command("enable", "hub/" + member.name()).good();
    }
  }

  @Test
  void whenItsMemberIsKilledTheNextMailOfALinkGets421() throws IOException {
    try (Talk talk = loggedIn()) {
      talk.mail(SecureClients.FROM, SecureClients.TO, "killed.before@acceptance.test");
      Postfix member = taker("killed.before@acceptance.test");
      member.abort();
      talk.say("MAIL FROM:<" + SecureClients.FROM + ">");
      talk.expect("421 ");
      assertThat(talk.isEnded()).isTrue();
      member.startAgain();
      awaitUp(member.name());
    }
  }

  /** Whatever else was tested before. */
  @AfterAll
  void noSecretIsInTheLog() {
    posthouse.close();
    List<String> secrets = new ArrayList<>(List.of(PASSWORD, "falsch", base64("falsch")));
    secrets.add(base64(PASSWORD).replace("=", ""));
    secrets.add(base64("\0" + USER + "\0" + PASSWORD).replace("=", ""));
    // Whatever stands before it, three octets are four characters.
    for (int at = 1; at < 3; at++) {
      String shifted = base64(PASSWORD.substring(at)).replace("=", "");
      secrets.add(shifted.substring(0, shifted.length() - 2));
    }
    assertThat(posthouse.log()).isNotEmpty();
    assertThat(posthouse.log()).noneMatch(line -> secrets.stream().anyMatch(line::contains));
  }

  private Talk inTls() throws IOException {
    Talk talk = Talk.to("127.0.0.1", port).startTls();
    talk.hello();
    return talk;
  }

  private Talk loggedIn() throws IOException {
    Talk talk = inTls();
    talk.ask("AUTH PLAIN " + base64("\0" + USER + "\0" + PASSWORD), "235 ");
    return talk;
  }

  /** The member that took it. */
  private Postfix taker(String messageId) {
    return first.taken(messageId) == 1 ? first : second;
  }

  private static long logins(Postfix member) {
    return member.log().stream().filter(line -> line.contains("sasl_username=" + USER)).count();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
