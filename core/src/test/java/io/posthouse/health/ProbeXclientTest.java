package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.ProbeDialogue.Next;
import io.posthouse.model.Announce;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.Monitor.AliasPort;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.TlsVersion;
import io.posthouse.policy.ProbeSource;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a probe says who it is, to members that mail tells of its clients. */
class ProbeXclientTest {
  private static final String REMEDY =
      "in Postfix, smtpd_authorized_xclient_hosts must have 172.16.51.175";

  private final List<String> said = new ArrayList<>();

  private static ProbeDialogue dialogue(
      Announce announce, MemberTls tls, Depth depth, String own, int port) {
    ProbeOrder order =
        new ProbeOrder(
            "hub",
            "ex1",
            new Endpoint("10.1.1.21", 25),
            Monitors.smtp(depth, null, new AliasPort(port)),
            tls,
            null,
            announce,
            ProbeSource.AUTOMAP);
    return new ProbeDialogue(order, "lb", InetAddress.ofLiteral(own));
  }

  private static ProbeDialogue dialogue(MemberTls tls, Depth depth) {
    return dialogue(Announce.XCLIENT, tls, depth, "172.16.51.175", 0);
  }

  private static Reply reply(String text) {
    return new Reply(Integer.parseInt(text.substring(0, 3)), List.of(text.substring(4).split("/")));
  }

  /** Plays replies, {@code code line/line}; TLS starts when it is asked for. */
  private void play(ProbeDialogue dialogue, String... replies) {
    Next next = dialogue.begin();
    for (String each : replies) {
      if (next instanceof Next.StartTls) {
        next = dialogue.secured();
        hear(next);
      }
      next = dialogue.replied(reply(each));
      hear(next);
    }
  }

  private void hear(Next next) {
    if (next instanceof Next.Send send) {
      said.add(send.line());
    }
  }

  @Test
  void saysWhoItIsAndEhloAgain() {
    ProbeDialogue dialogue = dialogue(MemberTls.OFF, Depth.HELLO);
    play(dialogue, "220 mx", "250 mx/XCLIENT NAME ADDR PORT", "220 mx", "250 mx/DSN", "221 bye");
    assertThat(said)
        .containsExactly(
            "EHLO lb", "XCLIENT NAME=[UNAVAILABLE] ADDR=172.16.51.175", "EHLO lb", "QUIT");
    assertThat(dialogue.result()).isEqualTo(new ProbeResult.Passed("hello"));
  }

  @Test
  void whatIsLearntForMailIsOfferedAfterXclient() {
    ProbeDialogue dialogue = dialogue(MemberTls.OFF, Depth.HELLO);
    play(dialogue, "220 mx", "250 mx/XCLIENT ADDR", "220 mx", "250 mx/DSN", "221 bye");
    assertThat(dialogue.introduction().ehloOfMail(MemberTls.OFF)).isEqualTo(reply("250 mx/DSN"));
    ProbeDialogue refused = dialogue(MemberTls.OFF, Depth.HELLO);
    play(refused, "220 mx", "250 mx/XCLIENT ADDR", "550 5.7.0 no", "221 bye");
    assertThat(refused.introduction().ehloOfMail(MemberTls.OFF)).isNull();
  }

  @Test
  void comesInsideTlsAndTlsIsNotStartedAfterIt() {
    MemberTls required =
        new MemberTls(Mode.REQUIRED, false, null, null, List.of(), TlsVersion.TLS_1_2);
    ProbeDialogue dialogue = dialogue(required, Depth.HELLO);
    play(
        dialogue,
        "220 mx",
        "250 mx/STARTTLS",
        "220 go",
        "250 mx/XCLIENT ADDR",
        "220 mx",
        "250 mx/STARTTLS/DSN",
        "221 bye");
    assertThat(said)
        .containsExactly(
            "EHLO lb", "STARTTLS", "EHLO lb", "XCLIENT ADDR=172.16.51.175", "EHLO lb", "QUIT");
    assertThat(dialogue.introduction().ehloOfMail(required))
        .isEqualTo(reply("250 mx/STARTTLS/DSN"));
    ProbeDialogue plain = dialogue(MemberTls.OFF, Depth.SENDER);
    said.clear();
    play(plain, "220 mx", "250 mx/XCLIENT ADDR", "220 mx", "250 mx/STARTTLS", "221 bye");
    assertThat(said).doesNotContain("STARTTLS");
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:0:0:0:0:25, ADDR=IPV6:2001:db8::25",
    "::1, ADDR=IPV6:::1",
    "192.0.2.1, ADDR=192.0.2.1",
  })
  void writesAddressesAsPostfixReadsThem(String own, String attribute) {
    ProbeDialogue dialogue = dialogue(Announce.XCLIENT, MemberTls.OFF, Depth.HELLO, own, 0);
    play(dialogue, "220 mx", "250 mx/XCLIENT ADDR HELO");
    assertThat(said).endsWith("XCLIENT " + attribute);
  }

  @ParameterizedTest
  @CsvSource({"250 mx", "250 mx/XCLIENT", "250 mx/XCLIENT NAME HELO", "250 mx/XXCLIENT ADDR"})
  void aMemberThatDoesNotLetUsFailsWithTheRemedy(String ehlo) {
    ProbeDialogue dialogue = dialogue(MemberTls.OFF, Depth.HELLO);
    play(dialogue, "220 mx", ehlo, "221 bye");
    assertThat(said).containsExactly("EHLO lb", "QUIT");
    assertThat(dialogue.result())
        .isEqualTo(
            new ProbeResult.Failed(
                ProbeStep.XCLIENT, "XCLIENT with ADDR is not offered; " + REMEDY));
  }

  @ParameterizedTest
  @CsvSource({"550 5.7.0 not authorized", "501 5.5.4 bad", "503 5.5.1 no", "554 5.7.1 no"})
  void aMemberThatRefusesItFailsAndIsAskedNoFurther(String refusal) {
    ProbeDialogue dialogue = dialogue(MemberTls.OFF, Depth.RECIPIENT);
    play(dialogue, "220 mx", "250 mx/XCLIENT ADDR", refusal, "221 bye");
    assertThat(said).endsWith("XCLIENT ADDR=172.16.51.175", "QUIT");
    assertThat(dialogue.result())
        .isEqualTo(new ProbeResult.Failed(ProbeStep.XCLIENT, refusal + "; " + REMEDY));
  }

  @Test
  void anAliasPortIsAnotherServiceAndToldNothing() {
    ProbeDialogue dialogue =
        dialogue(Announce.XCLIENT, MemberTls.OFF, Depth.HELLO, "172.16.51.175", 2525);
    play(dialogue, "220 mx", "250 mx", "221 bye");
    assertThat(dialogue.result()).isEqualTo(new ProbeResult.Passed("hello"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Announce.class,
      names = {"PROXY_V1", "PROXY_V2"})
  void aMemberThatTakesTheProxyHeaderForACommandFails(Announce announce) {
    ProbeDialogue dialogue = dialogue(announce, MemberTls.OFF, Depth.HELLO, "172.16.51.175", 0);
    play(dialogue, "220 mx", "500 5.5.2 what", "221 bye");
    assertThat(said).containsExactly("EHLO lb", "QUIT");
    assertThat(dialogue.result())
        .isEqualTo(
            new ProbeResult.Failed(
                ProbeStep.HELLO,
                "500 5.5.2 what, behind a PROXY header: does the member take it?"));
  }
}
