package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AUTH (RFC 4954): passed on to one member, which then keeps its client. */
class LoginTest {
  private final Transcript t =
      new Transcript(new Security(Security.Tls.OPTIONAL, Security.Auth.OVER_TLS));

  private Transcript secured() {
    t.offered = new EhloKeywords(Map.of("PIPELINING", "", "AUTH", "PLAIN LOGIN CRAM-MD5"));
    t.link.open();
    t.client("EHLO c.example", "STARTTLS");
    t.link.clientSecured();
    t.client("EHLO c.example");
    t.take();
    return t;
  }

  private Transcript loggedIn() {
    secured().client("AUTH PLAIN AGEAYg==");
    member().member("235 2.7.0 ok");
    t.take();
    return t;
  }

  private Transcript member() {
    return t.member(
        new ServerSide(MemberSecurity.IMPLICIT, false), "PIPELINING", "AUTH PLAIN LOGIN CRAM-MD5");
  }

  @Test
  void authIsOfferedInsideTlsOnly() {
    t.offered = new EhloKeywords(Map.of("AUTH", "PLAIN"));
    t.link.open();
    t.client("EHLO c.example");
    assertThat(t.told.lines()).noneMatch(line -> line.startsWith("AUTH"));
    t.client("AUTH PLAIN AGEAYg==");
    assertThat(t.take()).endsWith("S: 538 5.7.11 Encryption required for AUTH");
    t.client("STARTTLS");
    t.link.clientSecured();
    t.client("EHLO c.example");
    assertThat(t.told.lines()).contains("AUTH PLAIN");
  }

  @Test
  void theMemberThatTookTheLoginGetsTheMailAndKeepsItsClient() {
    secured().client("AUTH PLAIN AGEAYg==");
    assertThat(t.take()).containsExactly("-- acquire FIRST");
    member();
    assertThat(t.take()).containsExactly(">> EHLO c.example", ">> AUTH PLAIN AGEAYg==");
    t.member("235 2.7.0 ok");
    assertThat(t.take()).containsExactly("-- event LoginEnded", "S: 235 2.7.0 ok");
    for (int message = 0; message < 2; message++) {
      t.client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
      t.member("250 s", "250 r", "354 go").body(5).member("250 taken");
      assertThat(t.take())
          .containsExactly(
              "-- acquire PINNED",
              ">> MAIL FROM:<a@x>",
              ">> RCPT TO:<b@y>",
              ">> DATA",
              "S: 250 s",
              "S: 250 r",
              "S: 354 End data with <CR><LF>.<CR><LF>",
              "-- event Answered",
              "S: 250 taken");
    }
    t.client("QUIT");
    assertThat(t.take()).containsExactly("-- release CLOSE", "S: 221 2.0.0 Bye", "-- close QUIT");
  }

  @Test
  void anExchangePassesBothWaysAsItIs() {
    secured().client("AUTH CRAM-MD5");
    member().member("334 PDE+");
    assertThat(t.take()).endsWith(">> AUTH CRAM-MD5", "S: 334 PDE+");
    assertThat(t.link.input()).isEqualTo(ClientInput.RESPONSE);
    t.link.response("YSBiYg==");
    assertThat(t.take()).containsExactly(">> (answer) YSBiYg==");
    assertThat(t.link.input()).isEqualTo(ClientInput.HELD);
    t.member("235 2.7.0 ok");
    assertThat(t.take()).endsWith("S: 235 2.7.0 ok");
  }

  @Test
  void anErrorChallengeAndItsEmptyAnswerPassToo() {
    secured().client("AUTH PLAIN AGEAYg==");
    member().member("334 eyJzdGF0dXMiOiI0MDAifQ==");
    t.link.response("");
    t.member("535 5.7.8 no");
    assertThat(t.take())
        .endsWith(
            "S: 334 eyJzdGF0dXMiOiI0MDAifQ==",
            ">> (answer) ",
            "-- release CLOSE",
            "-- event LoginEnded",
            "S: 535 5.7.8 no");
  }

  @Test
  void anExchangeOfEndlessChallengesEnds() {
    secured().client("AUTH LOGIN");
    member();
    for (int i = 0; i < Login.MOST_CHALLENGES; i++) {
      t.member("334 VXNlcm5hbWU6");
      t.link.response("QQ==");
    }
    t.member("334 VXNlcm5hbWU6");
    assertThat(t.take()).endsWith("S: 454 4.7.0 Temporary authentication failure");
  }

  @Test
  void anAnswerThatIsNoBase64EndsTheExchangeAndDoesNotReachTheMember() {
    secured().client("AUTH LOGIN");
    member().member("334 VXNlcm5hbWU6").take();
    t.link.response("QUIT now\u0000");
    assertThat(t.take()).containsExactly(">> (answer) *");
    t.member("501 5.7.0 cancelled");
    assertThat(t.take()).endsWith("S: 501 5.7.0 cancelled");
  }

  @ParameterizedTest
  @CsvSource({
    "AUTH GSSAPI, 504 5.5.4 Mechanism not offered",
    "AUTH, 501 5.5.4 Bad argument",
    "AUTH PLAIN a:b, 501 5.5.4 Bad argument",
    "AUTH A-NAME-OF-MORE-THAN-20-LETTERS, 501 5.5.4 Bad argument"
  })
  void whatCouldNotSucceedReachesNobody(String command, String reply) {
    secured().client(command);
    assertThat(t.take()).containsExactly("S: " + reply);
  }

  @Test
  void aRefusedLoginMayBeTriedAgainWithinTheLimitOfErrors() {
    secured();
    for (int i = 0; i < 5; i++) {
      t.client("AUTH PLAIN AGEAYg==");
      member().member("535 5.7.8 no");
      assertThat(t.take()).endsWith("S: 535 5.7.8 no");
    }
    t.client("AUTH PLAIN AGEAYg==");
    assertThat(t.take())
        .containsExactly("S: 421 4.7.0 Too many errors, closing", "-- close TOO_MANY_ERRORS");
  }

  @Test
  void authTwiceOrWithinATransactionIsRefused() {
    loggedIn().client("AUTH PLAIN AGEAYg==");
    assertThat(t.take()).containsExactly("S: 503 5.5.1 Already authenticated");
    t.client("MAIL FROM:<a@x>").member("250 s").take();
    t.client("AUTH PLAIN AGEAYg==");
    assertThat(t.take()).containsExactly("S: 503 5.5.1 Not within a transaction");
  }

  @Test
  void aLoginGoesToAnotherMemberUntilOneHasHeardIt() {
    secured().client("AUTH PLAIN AGEAYg==");
    t.link.acquired(new ServerSide(MemberSecurity.IMPLICIT, false));
    t.link.serverLost("reset");
    assertThat(t.take())
        .endsWith("-- release CLOSE", "-- event AttemptFailed", "-- acquire ANOTHER");
    member();
    t.link.serverLost("reset");
    assertThat(t.take())
        .endsWith(
            "-- event AttemptFailed",
            "-- event LoginEnded",
            "S: 454 4.7.0 Temporary authentication failure");
    assertThat(t.link.state()).isEqualTo(ClientState.READY);
  }

  @Test
  void noPasswordGoesToAMemberInPlain() {
    secured().client("AUTH PLAIN AGEAYg==");
    t.member(new ServerSide(MemberSecurity.OPTIONAL, false), "AUTH PLAIN");
    assertThat(t.take())
        .noneMatch(line -> line.contains("AGEAYg"))
        .endsWith("-- event AttemptFailed", "-- acquire ANOTHER");
  }

  @Test
  void aPasswordGoesToAMemberInPlainWhereThePoolSaysSo() {
    secured().client("AUTH PLAIN AGEAYg==");
    t.member(new ServerSide(MemberSecurity.PLAIN, true), "AUTH PLAIN");
    assertThat(t.take()).endsWith(">> AUTH PLAIN AGEAYg==");
  }

  @Test
  void whenItsMemberIsGoneTheNextMessageGets421() {
    loggedIn().link.serverLost("reset");
    assertThat(t.take()).containsExactly("-- release CLOSE");
    t.client("NOOP", "MAIL FROM:<a@x>");
    assertThat(t.take())
        .containsExactly(
            "S: 250 2.0.0 Ok",
            "S: 421 4.3.2 Service not available, log in again",
            "-- close UNAVAILABLE");
  }

  @Test
  void whenItsMemberDrainsTheMessageUnderWayEndsAndTheNextGets421() {
    loggedIn().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
    t.keepsLogin = false;
    t.member("250 s", "250 r", "354 go").body(5).member("250 taken");
    assertThat(t.take()).endsWith("S: 250 taken");
    t.client("MAIL FROM:<a@x>");
    assertThat(t.take())
        .containsExactly(
            "-- release CLOSE",
            "S: 421 4.3.2 Service not available, log in again",
            "-- close UNAVAILABLE");
  }

  @Test
  void aReloadThatGivesItsClientAnotherPoolHoldsForTheVeryNextMessage() {
    loggedIn();
    t.moves = true;
    t.client("MAIL FROM:<a@x>");
    assertThat(t.take())
        .containsExactly(
            "-- release CLOSE",
            "S: 421 4.3.2 Service not available, log in again",
            "-- close UNAVAILABLE");
  }

  @Test
  void aMessageOfALoggedInClientGoesToNobodyElse() {
    loggedIn().client("MAIL FROM:<a@x>");
    t.member("452 4.3.1 full");
    assertThat(t.take())
        .endsWith("-- event AttemptFailed", "-- event Failed", "S: 452 4.3.1 full")
        .doesNotContain("-- acquire ANOTHER");
  }

  @Test
  void anEnvelopeThatIsGivenUpIsResetWhereTheClientIsLoggedIn() {
    loggedIn().client("MAIL FROM:<a@x>").member("250 s").take();
    t.client("RSET");
    assertThat(t.take()).containsExactly("-- event Abandoned", ">> RSET", "S: 250 2.0.0 Ok");
    t.member("250 reset").client("MAIL FROM:<a@x>");
    assertThat(t.take()).containsExactly("-- acquire PINNED", ">> MAIL FROM:<a@x>");
  }

  @Test
  void aMemberThatLeavesWithinAnExchangeIsToldWhenTheClientAnswers() {
    secured().client("AUTH LOGIN");
    member().member("334 VXNlcm5hbWU6").take();
    t.link.serverLost("closed");
    assertThat(t.take()).noneMatch(line -> line.startsWith("S:"));
    assertThat(t.link.input()).isEqualTo(ClientInput.RESPONSE);
    t.link.response("c2VjcmV0");
    assertThat(t.take()).containsExactly("S: 454 4.7.0 Temporary authentication failure");
    t.client("NOOP");
    assertThat(t.take()).containsExactly("S: 250 2.0.0 Ok");
  }

  @Test
  void nothingThatIsShownHoldsWhatAuthSaid() {
    Command.Auth auth = new Command.Auth("PLAIN", "c2VjcmV0");
    assertThat(auth.toString()).doesNotContain("c2VjcmV0");
  }

  @Test
  void mechanismsThatAreBoundToTheConnectionAreNotPassedOn() {
    EhloKeywords offered =
        EhloKeywords.of(
            new Reply(250, List.of("m", "AUTH plain SCRAM-SHA-256-PLUS SCRAM-SHA-256 EXTERNAL")));
    assertThat(Mechanisms.of(offered)).containsExactly("PLAIN", "SCRAM-SHA-256");
  }

  @Test
  void aMemberThatLeavesAClientWhichDoesNotAnswerItsChallengeIsNotUnderPressure() {
    secured().client("AUTH CRAM-MD5");
    member().member("334 PDE+");
    t.member("421 4.4.2 mail.example.net Error: timeout exceeded");
    assertThat(t.events)
        .filteredOn(SessionEvent.AttemptFailed.class::isInstance)
        .extracting(event -> ((SessionEvent.AttemptFailed) event).failure().kind())
        .containsExactly(Failure.Kind.DEPARTED);
  }
}
