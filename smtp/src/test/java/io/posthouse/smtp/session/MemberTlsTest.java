package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS with a member (RFC 3207): what must be encrypted is never said in plain. */
class MemberTlsTest {
  private final Transcript t = new Transcript();

  private ServerSide connected(MemberSecurity security, String hello) {
    t.link.open();
    t.client(hello, "MAIL FROM:<a@x>");
    t.take();
    ServerSide connection = new ServerSide(security, false);
    t.link.acquired(connection);
    t.member("220 hello");
    return connection;
  }

  private void offers(String... keywords) {
    t.link.reply(new Reply(250, keywords.length == 0 ? List.of("m") : lines(keywords)));
  }

  private static List<String> lines(String... keywords) {
    List<String> lines = new java.util.ArrayList<>(List.of("m"));
    lines.addAll(List.of(keywords));
    return lines;
  }

  @ParameterizedTest
  @EnumSource(names = {"OPTIONAL", "REQUIRED"})
  void aMemberThatOffersStartTlsIsGreetedAnewInsideIt(MemberSecurity security) {
    ServerSide connection = connected(security, "EHLO c.example");
    offers("STARTTLS", "PIPELINING");
    assertThat(t.take()).containsExactly(">> EHLO c.example", ">> STARTTLS");
    t.member("220 go");
    assertThat(t.take()).containsExactly("-- TLS with the member");
    assertThat(t.link.serverPhase()).isEqualTo(Phase.TLS);
    assertThat(connection.isSecured()).isFalse();
    t.link.serverSecured();
    assertThat(t.take()).containsExactly(">> EHLO c.example");
    offers("8BITMIME");
    assertThat(t.take()).containsExactly(">> MAIL FROM:<a@x>");
    assertThat(connection.keywords().has("PIPELINING")).as("what was said in plain").isFalse();
  }

  @Test
  void aClientThatSaysHeloIsToldToTheMemberInThatFormInsideTls() {
    connected(MemberSecurity.REQUIRED, "HELO c.example");
    offers("STARTTLS");
    t.member("220 go");
    t.link.serverSecured();
    t.member("250 m");
    assertThat(t.take())
        .containsExactly(
            ">> EHLO c.example",
            ">> STARTTLS",
            "-- TLS with the member",
            ">> HELO c.example",
            ">> MAIL FROM:<a@x>");
  }

  @Test
  void aMemberThatNeedNotAndOffersNoneIsSpokenToInPlain() {
    connected(MemberSecurity.OPTIONAL, "EHLO c.example");
    offers();
    assertThat(t.take()).containsExactly(">> EHLO c.example", ">> MAIL FROM:<a@x>");
  }

  @Test
  void aClientThatSaysHeloIsToldInThatFormInPlainToo() {
    connected(MemberSecurity.OPTIONAL, "HELO c.example");
    offers();
    t.member("250 m");
    assertThat(t.take())
        .containsExactly(">> EHLO c.example", ">> HELO c.example", ">> MAIL FROM:<a@x>");
  }

  @Test
  void aMemberThatMustAndOffersNoneGetsNothing() {
    connected(MemberSecurity.REQUIRED, "EHLO c.example");
    offers("PIPELINING");
    assertThat(t.take())
        .containsExactly(
            ">> EHLO c.example",
            "-- release CLOSE",
            "-- event AttemptFailed",
            "-- acquire ANOTHER");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    assertThat(t.take()).endsWith("S: 451 4.3.2 No server can take this message now");
  }

  @Test
  void aMemberThatMustAndKnowsNoEhloGetsNothing() {
    connected(MemberSecurity.REQUIRED, "EHLO c.example");
    t.member("502 what", "250 m");
    assertThat(t.take())
        .containsExactly(
            ">> EHLO c.example",
            ">> HELO c.example",
            "-- release CLOSE",
            "-- event AttemptFailed",
            "-- acquire ANOTHER");
  }

  @Test
  void aMemberThatRefusesTheNameOfAClientInEhloHasNoFaultOfTls() {
    connected(MemberSecurity.REQUIRED, "EHLO bad_name");
    t.member("501 5.5.2 invalid name", "250 m");
    assertThat(t.events)
        .filteredOn(SessionEvent.AttemptFailed.class::isInstance)
        .extracting(event -> ((SessionEvent.AttemptFailed) event).failure().kind())
        .containsExactly(Failure.Kind.HELLO_REFUSED);
  }

  @ParameterizedTest
  @EnumSource(names = {"OPTIONAL", "REQUIRED"})
  void whatWasOfferedAndFailsIsNotDoneInPlain(MemberSecurity security) {
    connected(security, "EHLO c.example");
    offers("STARTTLS");
    t.member("454 4.7.0 TLS not available");
    assertThat(t.take()).endsWith("-- event AttemptFailed", "-- acquire ANOTHER");
    t.link.acquired(new ServerSide(security, false));
    t.member("220 hello");
    offers("STARTTLS");
    t.member("220 go");
    t.link.serverNotSecured("certificate expired");
    assertThat(t.take()).endsWith("-- event AttemptFailed", "-- acquire ANOTHER");
    assertThat(((SessionEvent.AttemptFailed) t.events.getLast()).failure().phrase())
        .isEqualTo("tls at tls: certificate expired");
  }

  @Test
  void repliesBehindThe220AnswerNothing() {
    connected(MemberSecurity.REQUIRED, "EHLO c.example");
    offers("STARTTLS");
    t.member("220 go");
    t.take();
    t.member("250 m");
    assertThat(t.take())
        .containsExactly("-- release CLOSE", "-- event AttemptFailed", "-- acquire ANOTHER");
  }

  @Test
  void aConnectionInPlainForWantOfEhloIsOfOneClientOnly() {
    ServerSide connection = connected(MemberSecurity.OPTIONAL, "EHLO c.example");
    t.member("550 who", "250 m");
    assertThat(connection.isUntold()).isTrue();
    assertThat(t.take()).endsWith(">> MAIL FROM:<a@x>");
  }

  @Test
  void aKeptConnectionStaysEncryptedAndIsGreetedInsideIt() {
    ServerSide connection = connected(MemberSecurity.IMPLICIT, "EHLO c.example");
    assertThat(connection.isSecured()).isTrue();
    offers("STARTTLS");
    assertThat(t.take()).containsExactly(">> EHLO c.example", ">> MAIL FROM:<a@x>");
  }
}
