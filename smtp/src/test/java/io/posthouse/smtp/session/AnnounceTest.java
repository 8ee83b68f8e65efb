package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Telling a member who the client is: by XCLIENT before MAIL, by a header before the body. */
class AnnounceTest {
  private final Transcript t = new Transcript();

  private ServerSide connected(MemberSecurity security, String hello) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("NAME", "[TEMPUNAVAIL]");
    attributes.put("ADDR", "IPV6:2001:db8::7");
    t.toTell = new Command.XClient(attributes);
    t.link.open();
    t.client(hello, "MAIL FROM:<a@x>");
    t.take();
    ServerSide connection = new ServerSide(security, false);
    t.link.acquired(connection);
    t.member("220 hello");
    return connection;
  }

  private void offers(String... keywords) {
    t.link.reply(new Reply(250, Stream.concat(Stream.of("m"), Stream.of(keywords)).toList()));
  }

  @Test
  void aMemberHearsOfTheClientBeforeMailAndIsGreetedAnew() {
    ServerSide connection = connected(MemberSecurity.PLAIN, "EHLO c.example");
    offers("XCLIENT NAME ADDR PROTO HELO", "PIPELINING");
    assertThat(t.take())
        .containsExactly(
            ">> EHLO c.example", ">> XCLIENT NAME=[TEMPUNAVAIL] ADDR=IPV6:2001:db8::7");
    t.member("220 mx.example ESMTP");
    assertThat(t.take()).containsExactly(">> EHLO c.example");
    offers("8BITMIME");
    assertThat(t.take()).containsExactly(">> MAIL FROM:<a@x>");
    assertThat(connection.keywords().has("PIPELINING")).as("offered to us, not to it").isFalse();
  }

  @Test
  void onlyAttributesThatTheMemberKnowsAreSent() {
    connected(MemberSecurity.PLAIN, "EHLO c.example");
    offers("XCLIENT ADDR PORT");
    assertThat(t.take()).containsExactly(">> EHLO c.example", ">> XCLIENT ADDR=IPV6:2001:db8::7");
  }

  @Test
  void insideTlsTheMemberHearsItInsideTlsAlone() {
    connected(MemberSecurity.REQUIRED, "EHLO c.example");
    offers("XCLIENT NAME ADDR", "STARTTLS");
    t.member("220 go");
    t.link.serverSecured();
    assertThat(t.take())
        .containsExactly(
            ">> EHLO c.example", ">> STARTTLS", "-- TLS with the member", ">> EHLO c.example");
    offers("XCLIENT NAME ADDR");
    assertThat(t.take()).containsExactly(">> XCLIENT NAME=[TEMPUNAVAIL] ADDR=IPV6:2001:db8::7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "OPTIONAL"})
  void aClientThatSaysHeloIsToldInThatFormAfterXclient(MemberSecurity security) {
    connected(security, "HELO c.example");
    offers("XCLIENT ADDR");
    t.member("220 again", "250 m");
    assertThat(t.take())
        .containsExactly(
            ">> EHLO c.example",
            ">> XCLIENT ADDR=IPV6:2001:db8::7",
            ">> HELO c.example",
            ">> MAIL FROM:<a@x>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "XCLIENT NAME PORT"})
  void aMemberThatWouldNotHearOfTheClientGetsNothing(String offered) {
    connected(MemberSecurity.PLAIN, "EHLO c.example");
    offers(offered.isEmpty() ? new String[] {"PIPELINING"} : new String[] {offered});
    assertThat(t.take())
        .containsExactly(
            ">> EHLO c.example",
            "-- release CLOSE",
            "-- event AttemptFailed",
            "-- acquire ANOTHER");
  }

  @ParameterizedTest
  @ValueSource(strings = {"550 5.7.0 insufficient authorization", "250 ok", "501 bad"})
  void aMemberThatDoesNotTakeItGetsNothing(String answer) {
    connected(MemberSecurity.PLAIN, "EHLO c.example");
    offers("XCLIENT NAME ADDR");
    t.take();
    t.member(answer);
    assertThat(t.take())
        .containsExactly("-- release CLOSE", "-- event AttemptFailed", "-- acquire ANOTHER");
  }

  @Test
  void aMemberThatRefusesTheClientSaysSoAtMail() {
    connected(MemberSecurity.PLAIN, "EHLO c.example");
    offers("XCLIENT NAME ADDR");
    t.member("554 5.7.1 blocked");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    assertThat(t.take()).contains("S: 554 5.7.1 blocked");
  }

  @Test
  void aKeptConnectionIsNotToldAgain() {
    ServerSide connection = connected(MemberSecurity.PLAIN, "EHLO c.example");
    offers("XCLIENT NAME ADDR");
    t.member("220 again");
    offers("SIZE");
    t.member("250 ok").client("RSET", "EHLO other.example", "MAIL FROM:<b@x>");
    t.take();
    t.link.acquired(connection);
    offers("SIZE");
    assertThat(t.take()).containsExactly(">> EHLO other.example", ">> MAIL FROM:<b@x>");
  }

  @Test
  void theHeaderStandsBeforeTheBodyOnceForEachMember() {
    t.traceOctets = 100;
    t.link.open();
    t.client("EHLO c.example", "MAIL FROM:<a@x> SIZE=500").freshMember("SIZE", "PIPELINING");
    t.client("RCPT TO:<b@y>", "DATA").member("250 ok", "250 ok");
    assertThat(t.take()).contains(">> MAIL FROM:<a@x> SIZE=600");
    t.member("354 go");
    assertThat(t.take()).containsExactly("-- trace", "S: 354 End data with <CR><LF>.<CR><LF>");
    t.body(20);
    t.link.serverLost("gone");
    t.take();
    t.freshMember("SIZE", "PIPELINING").member("250 ok", "250 ok", "354 go");
    assertThat(t.take()).endsWith(">> DATA", "-- trace", "-- replay 0+20");
  }

  @Test
  void theFirstChunkThatAMemberGetsIsLongerByTheHeader() {
    t.traceOctets = 100;
    t.link.open();
    t.client("EHLO c.example", "MAIL FROM:<a@x>").freshMember("CHUNKING");
    t.member("250 ok").client("RCPT TO:<b@y>").member("250 ok").client("BDAT 5");
    t.link.bodyOctets(5);
    assertThat(t.take()).endsWith(">> BDAT 105", "-- trace");
    t.member("250 ok").client("BDAT 7 LAST");
    t.link.bodyOctets(7);
    assertThat(t.take()).endsWith(">> BDAT 7 LAST");
    t.link.serverLost("gone");
    t.take();
    t.freshMember("CHUNKING").member("250 ok", "250 ok");
    assertThat(t.take()).endsWith(">> BDAT 105", "-- trace", "-- replay 0+5");
    t.member("250 ok");
    assertThat(t.take()).endsWith(">> BDAT 7 LAST", "-- replay 5+7");
  }

  @Test
  void theHeaderStandsOnceHoweverManyEmptyChunksComeFirst() {
    t.traceOctets = 100;
    t.link.open();
    t.client("EHLO c.example", "MAIL FROM:<a@x>").freshMember("CHUNKING");
    t.member("250 ok").client("RCPT TO:<b@y>").member("250 ok").client("BDAT 0");
    assertThat(t.take()).endsWith(">> BDAT 100", "-- trace");
    t.member("250 ok").client("BDAT 0");
    assertThat(t.take()).endsWith(">> BDAT 0");
    t.member("250 ok").client("BDAT 7 LAST");
    t.link.bodyOctets(7);
    assertThat(t.take()).endsWith(">> BDAT 7 LAST");
    t.link.serverLost("gone");
    t.take();
    t.freshMember("CHUNKING").member("250 ok", "250 ok");
    assertThat(t.take()).endsWith(">> BDAT 107 LAST", "-- trace", "-- replay 0+7");
  }

  @Test
  void aBelievedPeerIsOfferedXclientAndBeginsAnewAfterIt() {
    t.believes = true;
    t.link.open();
    t.client("EHLO gateway.example", "XCLIENT NAME=c.example ADDR=192.0.2.7");
    assertThat(t.take())
        .containsExactly(
            "S: 220 mx.example ESMTP",
            "S: 250 mx.example",
            "-- identify {NAME=c.example, ADDR=192.0.2.7}",
            "S: 220 mx.example ESMTP");
    t.client("MAIL FROM:<a@x>");
    assertThat(t.take()).containsExactly("S: 503 5.5.1 EHLO or HELO first");
  }

  @Test
  void nobodyElseIsBelieved() {
    t.link.open();
    t.client("EHLO c.example", "XCLIENT ADDR=192.0.2.7");
    assertThat(t.take()).endsWith("-- event NotBelieved", "S: 550 5.7.0 XCLIENT is not for you");
  }

  @Test
  void xclientIsNotForTheMidstOfAMessage() {
    t.believes = true;
    t.link.open();
    t.client("EHLO c.example", "MAIL FROM:<a@x>").freshMember().member("250 ok");
    t.take();
    t.client("XCLIENT ADDR=192.0.2.7");
    assertThat(t.take()).containsExactly("S: 503 5.5.1 Not within a transaction");
  }

  @Test
  void whatStandsBehindXclientIsNotTakenForWhatItsClientSays() {
    t.believes = true;
    t.inputBehind = true;
    t.link.open();
    t.client("EHLO c.example", "XCLIENT ADDR=192.0.2.7");
    assertThat(t.take())
        .endsWith("S: 421 4.7.0 Octets behind XCLIENT, closing", "-- close OUT_OF_STEP");
  }

  @Test
  void aClientThatIsAnnouncedAndNotLetInIsSentAway() {
    t.believes = true;
    t.refusedIdentity = Reply.of(554, "5.7.1 No SMTP service for your address");
    t.link.open();
    t.client("EHLO c.example", "XCLIENT ADDR=192.0.2.7");
    assertThat(t.take())
        .endsWith("S: 554 5.7.1 No SMTP service for your address", "-- close REFUSED");
  }

  @Test
  void aRefusedMailOpensNoTransaction() {
    t.refusal = Reply.of(451, "4.7.1 Too many messages");
    t.link.open();
    t.client("EHLO c.example", "MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    assertThat(t.take()).endsWith("S: 451 4.7.1 Too many messages", "S: 503 5.5.1 MAIL first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "XCLIENT",
        "XCLIENT ADDR",
        "XCLIENT ADDR=",
        "XCLIENT ADDR=1.2.3.4 ADDR=1.2.3.5",
        "XCLIENT FOO=bar",
        "XCLIENT NAME=a+0D+0Ab ADDR=1.2.3.4",
        "XCLIENT NAME=a+2 ADDR=1.2.3.4"
      })
  void badlyWrittenXclientIsRefused(String line) {
    t.believes = true;
    t.link.open();
    t.client("EHLO c.example", line);
    assertThat(t.take()).endsWith("S: 501 5.5.4 Bad argument");
  }

  @Test
  void valuesAreInXtext() {
    assertThat(new Command.XClient(Map.of("NAME", "a b+c=d\r\n\u00e9")).line())
        .isEqualTo("XCLIENT NAME=a+20b+2Bc+3Dd+0D+0A+C3+A9");
  }
}
