package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Reply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session does with lines that are no commands, or not now. */
class RefusedCommandTest {
  private final Transcript t = new Transcript();

  private Transcript greeted() {
    t.link.open();
    t.client("EHLO c.example");
    t.take();
    return t;
  }

  /** A transaction with one accepted recipient. */
  private Transcript inEnvelope() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.freshMember("PIPELINING", "CHUNKING").member("250 s", "250 r");
    t.take();
    return t;
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1", "POST / HTTP/1.0", "CONNECT a:25 HTTP/1.1"})
  void anotherProtocolIsSentAwayWheneverItComes(String line) {
    inEnvelope().client(line);
    assertThat(t.take())
        .containsExactly(
            "-- event Abandoned",
            "-- release RESET",
            "S: 421 4.7.0 This is SMTP, closing",
            "-- close NOT_SMTP");
  }

  @Test
  void aPrivateVerbIsAnErrorAndGoesNowhere() {
    inEnvelope().client("X-EXPS GSSAPI", "XEXCH50 1108 2", "XSHADOW", "X-LINK2STATE A", "XRDST");
    assertThat(t.take()).hasSize(5).allMatch(line -> line.startsWith("S: 502 5.5.1"));
    t.client("XPROXY");
    assertThat(t.take()).endsWith("-- close TOO_MANY_ERRORS");
  }

  @Test
  void aBadRecipientLeavesTheOthersAlone() {
    inEnvelope().client("RCPT TO:<c@>", "RCPT TO:<d@y> FOO=1", "RCPT TO:<e@y>");
    assertThat(t.take())
        .containsExactly(
            "S: 501 5.1.3 Bad recipient address",
            "S: 555 5.5.4 Parameter not known",
            ">> RCPT TO:<e@y>");
  }

  @Test
  void aMemberGetsTheCanonicalForm() {
    greeted().client("mail  from: a@x   size=5", "rcpt to:<@r:b@y>");
    t.freshMember("PIPELINING", "SIZE");
    assertThat(t.take()).endsWith(">> MAIL FROM:<a@x> SIZE=5", ">> RCPT TO:<b@y>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BODY=8BITMIME", "SMTPUTF8", "RET=FULL", "AUTH=<>"})
  void aParameterThatWasNotOfferedIsRefused(String parameter) {
    greeted().client("MAIL FROM:<a@x> " + parameter);
    assertThat(t.take()).containsExactly("S: 555 5.5.4 Parameter not offered");
  }

  @Test
  void recipientsBeyondAsciiNeedSmtputf8AtMail() {
    String name =
        new String("\u00e9@y".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    inEnvelope().client("RCPT TO:<" + name + ">");
    assertThat(t.take()).containsExactly("S: 553 5.6.7 This address needs SMTPUTF8 at MAIL");
  }

  @Test
  void theOctetsOfABadlyWrittenChunkAreSwallowed() {
    inEnvelope().client("BDAT 7 FIRST");
    assertThat(t.link.input()).isEqualTo(ClientInput.CHUNK);
    assertThat(t.link.forwardsBody()).isFalse();
    t.link.bodyOctets(7);
    assertThat(t.link.input()).isEqualTo(ClientInput.COMMAND);
    assertThat(t.take()).containsExactly("S: 501 5.5.4 Bad argument of BDAT");
  }

  @Test
  void theOctetsOfABadChunkAreSwallowedBehindOpenReplies() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BDAT 7 FIRST");
    t.link.bodyOctets(7);
    t.client("NOOP").freshMember("PIPELINING", "CHUNKING").member("250 s", "250 r");
    assertThat(t.take())
        .endsWith("S: 250 r", "S: 501 5.5.4 Bad argument of BDAT", "S: 250 2.0.0 Ok");
  }

  @Test
  void aChunkWhoseEndIsUnknownEndsTheLink() {
    inEnvelope().client("BDAT x LAST");
    assertThat(t.take())
        .endsWith("S: 501 5.5.4 BDAT without a size, closing", "-- close OUT_OF_STEP");
  }

  @Test
  void noMessageHasAHole() {
    inEnvelope().client("BDAT 4");
    t.link.bodyOctets(4);
    t.member("250 four").client("BDAT 3 FIRST");
    t.link.bodyOctets(3);
    t.take();
    t.client("BDAT 5");
    t.link.bodyOctets(5);
    t.client("DATA", "BDAT 6 LAST");
    assertThat(t.link.forwardsBody()).isFalse();
    t.link.bodyOctets(6);
    assertThat(t.take())
        .containsExactly(
            "S: 503 5.5.1 A chunk was refused, RSET first",
            "S: 503 5.5.1 A chunk was refused, RSET first",
            "-- event Abandoned",
            "-- release RESET",
            "S: 503 5.5.1 A chunk was refused, RSET first");
    t.client("MAIL FROM:<a@x>");
    assertThat(t.take()).containsExactly("-- acquire FIRST");
  }

  @Test
  void aChunkBeforeItsRecipientsSpoilsTheTransaction() {
    greeted().client("MAIL FROM:<a@x>");
    t.freshMember("PIPELINING", "CHUNKING").member("250 s");
    t.client("BDAT 4");
    t.link.bodyOctets(4);
    t.client("RCPT TO:<b@y>").member("250 r");
    t.take();
    t.client("BDAT 0 LAST");
    assertThat(t.take()).endsWith("S: 503 5.5.1 A chunk was refused, RSET first");
    assertThat(t.link.state()).isEqualTo(ClientState.READY);
  }

  @Test
  void theLastChunkMayBeEmpty() {
    inEnvelope().client("BDAT 4");
    t.link.bodyOctets(4);
    t.member("250 four").client("BDAT 0 LAST");
    assertThat(t.take()).endsWith(">> BDAT 0 LAST");
    assertThat(t.link.awaitsCommit()).isTrue();
    t.member("250 done");
    assertThat(t.take()).endsWith("S: 250 done");
  }

  @Test
  void argumentsWhereNoneBelongChangeNothing() {
    inEnvelope().client("RSET all", "DATA now", "QUIT now");
    assertThat(t.take()).hasSize(3).containsOnly("S: 501 5.5.4 Bad argument");
    assertThat(t.link.state()).isEqualTo(ClientState.ENVELOPE);
    t.client("NOOP some words");
    assertThat(t.take()).containsExactly("S: 250 2.0.0 Ok");
  }

  @Test
  void aRecipientThatItsClassMayNotSendToReachesNoMember() {
    t.refusedDomain = "victim.example";
    inEnvelope().client("RCPT TO:<c@victim.example>", "RCPT TO:<@y:d@VICTIM.example>");
    t.client("RCPT TO:<e@y>", "DATA");
    assertThat(t.take())
        .containsExactly("S: 550 5.7.1 No", "S: 550 5.7.1 No", ">> RCPT TO:<e@y>", ">> DATA");
  }

  @Test
  void withoutAnotherRecipientThereIsNobodyToSendTheBodyTo() {
    t.refusedDomain = "victim.example";
    greeted().client("MAIL FROM:<a@x>");
    t.freshMember("CHUNKING").member("250 s");
    t.client("RCPT TO:<c@victim.example>", "DATA", "BDAT 4 LAST");
    assertThat(t.take())
        .endsWith(
            "S: 550 5.7.1 No",
            "S: 554 5.5.1 No valid recipients",
            "-- event Abandoned",
            "-- release RESET",
            "S: 554 5.5.1 No valid recipients")
        .noneMatch(line -> line.matches(">> (RCPT|DATA|BDAT).*"));
  }

  @Test
  void whoAsksForRelayingOverAndOverIsSentAway() {
    t.refusedDomain = "victim.example";
    inEnvelope();
    for (int n = 0; n < 6; n++) {
      t.client("RCPT TO:<c" + n + "@victim.example>");
    }
    assertThat(t.take()).endsWith("-- close TOO_MANY_ERRORS").noneMatch(l -> l.startsWith(">>"));
  }

  @Test
  void aRefusedNameIsNoGreeting() {
    t.refusedName = "mx.example";
    t.link.open();
    t.client("EHLO mx.example", "MAIL FROM:<a@x>", "EHLO c.example", "MAIL FROM:<a@x>");
    assertThat(t.take())
        .containsSubsequence(
            "S: 550 5.7.1 Not you",
            "S: 503 5.5.1 EHLO or HELO first",
            "S: 250 mx.example",
            "-- acquire FIRST");
  }

  @Test
  void aRefusedNameForgetsTheGreetingBefore() {
    t.refusedName = "mx.example";
    greeted().client("EHLO mx.example", "MAIL FROM:<a@x>");
    assertThat(t.take()).containsExactly("S: 550 5.7.1 Not you", "S: 503 5.5.1 EHLO or HELO first");
  }

  @Test
  void aRefusedBodyIsAskedForByNobodyAndItsMessageMayBeGivenUp() {
    t.refusedBody = Reply.of(550, "5.7.1 Too many recipients for you");
    inEnvelope().client("DATA");
    assertThat(t.take()).containsExactly("S: 550 5.7.1 Too many recipients for you");
    assertThat(t.link.state()).isEqualTo(ClientState.ENVELOPE);
    t.client("RSET");
    assertThat(t.take()).endsWith("S: 250 2.0.0 Ok");
  }

  @Test
  void aRefusedChunkIsSwallowedAndSoAreThoseBehindIt() {
    t.refusedBody = Reply.of(550, "5.7.1 No");
    inEnvelope().client("BDAT 4");
    assertThat(t.take()).containsExactly("S: 550 5.7.1 No");
    assertThat(t.link.forwardsBody()).isFalse();
    assertThat(t.link.chunkOctetsLeft()).isEqualTo(4);
    t.link.bodyOctets(4);
    t.refusedBody = null;
    t.client("BDAT 0 LAST");
    assertThat(t.take()).last().asString().startsWith("S: 5");
  }

  @Test
  void a421WhereverAClientIsRefusedEndsItsLink() {
    t.refusedBody = Reply.of(421, "4.7.1 Closing");
    inEnvelope().client("DATA");
    assertThat(t.take()).endsWith("S: 421 4.7.1 Closing", "-- close REFUSED");
  }
}
