package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with a client (RFC 3207). */
class StartTlsTest {

  private static Transcript with(Security.Tls tls) {
    Transcript t = new Transcript(new Security(tls, Security.Auth.OVER_TLS));
    t.link.open();
    return t;
  }

  private static Transcript optional() {
    Transcript t = with(Security.Tls.OPTIONAL).client("EHLO c.example");
    t.take();
    return t;
  }

  @Test
  void theHandshakeFollowsThe220AndNothingIsReadInPlainAnyMore() {
    Transcript t = optional().client("STARTTLS");
    assertThat(t.take())
        .containsExactly("S: 220 2.0.0 Ready to start TLS", "-- TLS with the client");
    assertThat(t.link.input()).isEqualTo(ClientInput.HANDSHAKE);
    assertThat(t.link.clientPhase()).isEqualTo(Phase.TLS);
  }

  @Test
  void whatWasSaidInPlainIsForgotten() {
    Transcript t = optional().client("STARTTLS");
    t.take();
    t.link.clientSecured();
    t.client("MAIL FROM:<a@x>");
    assertThat(t.take()).containsExactly("S: 503 5.5.1 EHLO or HELO first");
    t.client("EHLO c.example", "MAIL FROM:<a@x>");
    assertThat(t.take()).containsExactly("S: 250 mx.example", "-- acquire FIRST");
  }

  @Test
  void startTlsIsOfferedInPlainOnlyAndDoneOnce() {
    Transcript t = with(Security.Tls.OPTIONAL);
    assertThat(ehlo(t)).contains("STARTTLS");
    t.client("STARTTLS");
    t.link.clientSecured();
    assertThat(ehlo(t)).doesNotContain("STARTTLS");
    t.take();
    t.client("STARTTLS");
    assertThat(t.take())
        .containsExactly("S: 421 4.7.0 TLS is in use already, closing", "-- close OUT_OF_STEP");
  }

  private static String ehlo(Transcript t) {
    t.client("EHLO c.example");
    return String.join(" ", t.told.lines());
  }

  @Test
  void octetsBehindStartTlsEndTheLinkAndNothingIsDone() {
    Transcript t = optional();
    t.inputBehind = true;
    t.client("STARTTLS");
    assertThat(t.take())
        .containsExactly(
            "S: 421 4.7.0 Octets behind STARTTLS, closing", "-- close PLAIN_BEHIND_STARTTLS");
    assertThat(t.link.input()).isEqualTo(ClientInput.CLOSED);
  }

  @Test
  void octetsBehindAStartTlsThatHadToWaitEndTheLinkToo() {
    Transcript t = optional().client("MAIL FROM:<a@x>");
    t.freshMember("PIPELINING").client("STARTTLS");
    t.inputBehind = true;
    t.member("550 5.7.1 not you");
    assertThat(t.take())
        .endsWith("S: 421 4.7.0 Octets behind STARTTLS, closing", "-- close PLAIN_BEHIND_STARTTLS")
        .doesNotContain("-- TLS with the client");
  }

  @Test
  void startTlsWithinATransactionIsRefused() {
    Transcript t = optional().client("MAIL FROM:<a@x>");
    t.freshMember("PIPELINING").member("250 s").take();
    t.client("STARTTLS");
    assertThat(t.take()).containsExactly("S: 503 5.5.1 Not within a transaction");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA", "VRFY a", "AUTH PLAIN", "BDAT 0 LAST"})
  void whereTlsIsRequiredNothingOfAMessageIsTakenInPlain(String command) {
    Transcript t = with(Security.Tls.REQUIRED).client("EHLO c.example");
    t.take();
    t.client(command);
    assertThat(t.take()).containsExactly("S: 530 5.7.0 Must issue a STARTTLS command first");
  }

  @Test
  void aChunkThatIsRefusedForWantOfTlsIsNotTakenForCommands() {
    Transcript t = with(Security.Tls.REQUIRED).client("EHLO c.example", "BDAT 7 LAST");
    assertThat(t.link.input()).isEqualTo(ClientInput.CHUNK);
    assertThat(t.link.chunkOctetsLeft()).isEqualTo(7);
    assertThat(t.link.forwardsBody()).isFalse();
  }

  @Test
  void whereTlsIsRequiredItIsEnough() {
    Transcript t = with(Security.Tls.REQUIRED).client("EHLO c.example", "STARTTLS");
    t.link.clientSecured();
    t.client("EHLO c.example", "MAIL FROM:<a@x>");
    assertThat(t.take()).endsWith("-- acquire FIRST");
  }

  @Test
  void implicitTlsBeginsBeforeTheGreeting() {
    Transcript t = with(Security.Tls.IMPLICIT);
    assertThat(t.take()).containsExactly("-- TLS with the client");
    t.link.clientSecured();
    assertThat(t.take()).containsExactly("S: 220 mx.example ESMTP");
    t.client("STARTTLS");
    assertThat(t.take()).endsWith("-- close OUT_OF_STEP");
  }

  @Test
  void aLinkThatIsNotWantedHearsSoInsideTls() {
    Transcript t = new Transcript(new Security(Security.Tls.IMPLICIT, Security.Auth.OFF));
    t.link.shutdown();
    t.link.open();
    assertThat(t.take()).containsExactly("-- TLS with the client");
    t.link.clientSecured();
    assertThat(t.take()).containsExactly("S: 421 4.3.2 Service shutting down", "-- close SHUTDOWN");
  }

  @Test
  void aHandshakeThatFailsOrTakesTooLongEndsTheLinkWithoutAWord() {
    Transcript failed = optional().client("STARTTLS");
    failed.take();
    failed.link.clientNotSecured();
    assertThat(failed.take()).containsExactly("-- close NO_TLS");
    Transcript late = with(Security.Tls.IMPLICIT);
    late.take();
    late.link.clientTimeout();
    assertThat(late.take()).containsExactly("-- close CLIENT_TIMEOUT");
  }
}
