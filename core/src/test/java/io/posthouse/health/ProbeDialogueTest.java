package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.ProbeDialogue.Next;
import io.posthouse.model.Announce;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.Monitor.Senders;
import io.posthouse.model.TlsVersion;
import io.posthouse.policy.ProbeSource;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeDialogueTest {
  private final List<String> said = new ArrayList<>();
  private MemberTls tls = MemberTls.OFF;
  private Announce announce = Announce.NONE;
  private InetAddress own = InetAddress.ofLiteral("172.16.51.175");

  private static MemberTls tls(Mode mode, boolean implicit) {
    return new MemberTls(mode, implicit, null, null, List.of(), TlsVersion.TLS_1_2);
  }

  private static MemberTls anyTls(SplittableRandom random) {
    List<Mode> modes = List.of(Mode.values());
    return tls(modes.get(random.nextInt(modes.size())), random.nextBoolean());
  }

  private static Announce anyAnnounce(SplittableRandom random) {
    List<Announce> all = List.of(Announce.values());
    return all.get(random.nextInt(all.size()));
  }

  private ProbeDialogue dialogue(Depth depth, @Nullable Senders senders) {
    ProbeOrder order =
        new ProbeOrder(
            "hub",
            "ex1",
            new Endpoint("10.1.1.21", 25),
            Monitors.smtp(depth, senders),
            tls,
            null,
            announce,
            ProbeSource.AUTOMAP);
    return new ProbeDialogue(order, "lb", own);
  }

  /** Plays replies, each {@code code text} or {@code code text/more}, and gives the result. */
  private ProbeResult play(Depth depth, String... replies) {
    return play(new Senders("in@a.com", "out@b.net"), depth, replies);
  }

  private ProbeResult play(Senders senders, Depth depth, String... replies) {
    ProbeDialogue dialogue = dialogue(depth, senders);
    Next next = dialogue.begin();
    for (String reply : replies) {
      if (next instanceof Next.StartTls) {
        next = dialogue.secured();
        hear(next);
      }
      List<String> lines = List.of(reply.substring(Math.min(4, reply.length())).split("/"));
      next = dialogue.replied(new Reply(Integer.parseInt(reply.substring(0, 3)), lines));
      hear(next);
    }
    assertThat(next).isInstanceOf(Next.Close.class);
    return dialogue.result();
  }

  private void hear(Next next) {
    if (next instanceof Next.Send send) {
      said.add(send.line());
    }
  }

  @Test
  void triesBothSendersInOneConnection() {
    assertThat(
            play(
                Depth.RECIPIENT,
                "220 mx",
                "250 mx",
                "250 ok",
                "250 ok",
                "250 ok",
                "250 ok",
                "250 ok",
                "221 bye"))
        .isEqualTo(new ProbeResult.Passed("recipient"));
    assertThat(said)
        .containsExactly(
            "EHLO lb",
            "MAIL FROM:<in@a.com>",
            "RCPT TO:<postmaster@contoso.com>",
            "RSET",
            "MAIL FROM:<out@b.net>",
            "RCPT TO:<postmaster@contoso.com>",
            "QUIT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<>"})
  void theNullSenderHasOnePairOfBrackets(String written) {
    assertThat(
            play(
                new Senders("in@a.com", written),
                Depth.SENDER,
                "220 mx",
                "250 mx",
                "250 ok",
                "250 ok",
                "250 ok",
                "221 bye"))
        .isEqualTo(new ProbeResult.Passed("sender"));
    assertThat(said)
        .containsExactly("EHLO lb", "MAIL FROM:<in@a.com>", "RSET", "MAIL FROM:<>", "QUIT");
  }

  @Test
  void fallsBackToHelo() {
    assertThat(play(Depth.HELLO, "220 mx", "502 what", "250 mx", "221"))
        .isEqualTo(new ProbeResult.Passed("hello"));
    assertThat(said).containsExactly("EHLO lb", "HELO lb", "QUIT");
  }

  @Test
  void startsTlsWhereOfferedAndIntroducesItselfAgain() {
    assertThat(
            play(
                Depth.SENDER,
                "220 mx",
                "250 mx/STARTTLS",
                "220 go",
                "250 mx/STARTTLS",
                "250 ok",
                "250 ok",
                "250 ok",
                "221"))
        .isInstanceOf(ProbeResult.Passed.class);
    assertThat(said).startsWith("EHLO lb", "STARTTLS", "EHLO lb", "MAIL FROM:<in@a.com>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          504 5.5.2 need a name  | monitor misconfigured: hello refused: 504 5.5.2 need a name
          550 you are not wanted | monitor misconfigured: hello refused: 550 you are not wanted
          """)
  void aRefusedNameSaysNothingOfTheMember(String reply, String reason) {
    assertThat(play(Depth.HELLO, "220 mx", reply, reply, "221"))
        .isEqualTo(new ProbeResult.Inconclusive(ProbeStep.HELLO, reason));
  }

  @Test
  void aGreetingMayRefuseThisBalancer() {
    assertThat(play(Depth.HELLO, "554 no service for you", "221"))
        .isEqualTo(
            new ProbeResult.Inconclusive(
                ProbeStep.BANNER, "refuses this balancer: 554 no service for you"));
    assertThat(said).containsExactly("QUIT");
  }

  @Test
  void aRefusedInsideSenderDoesNotHidePressureOutside() {
    assertThat(
            play(
                Depth.SENDER,
                "220 mx",
                "250 mx",
                "550 5.7.1 no",
                "250 ok",
                "452 4.3.1 full",
                "221"))
        .isEqualTo(
            new ProbeResult.Pressure(
                PressureScope.OUTSIDE, ProbeStep.OUTSIDE_SENDER, "452 4.3.1 full"));
  }

  @Test
  void aRefusedSenderIsToldWhenTheOtherPasses() {
    assertThat(play(Depth.SENDER, "220 mx", "250 mx", "550 5.7.1 no", "250 ok", "250 ok", "221"))
        .isEqualTo(
            new ProbeResult.Inconclusive(
                ProbeStep.INSIDE_SENDER,
                "monitor misconfigured: inside sender refused: 550 5.7.1 no"));
  }

  @Test
  void pressureForInsideSendersIsPressureForAll() {
    assertThat(play(Depth.SENDER, "220 mx", "250 mx", "452 4.3.1 full", "221"))
        .isEqualTo(
            new ProbeResult.Pressure(PressureScope.ALL, ProbeStep.INSIDE_SENDER, "452 4.3.1 full"));
  }

  @Test
  void namesAFirewallThatInspectsSmtp() {
    assertThat(play(Depth.HELLO, "220 **********2*****", "250 mx", "221").reason())
        .isEqualTo(
            "hello (a firewall between Posthouse and this member inspects SMTP: it has masked the"
                + " banner; switch the inspection off)");
    said.clear();
    assertThat(play(Depth.STARTTLS, "220 mx", "250 mx/XXXXXXXA", "221"))
        .isEqualTo(
            new ProbeResult.Failed(
                ProbeStep.STARTTLS,
                "STARTTLS is not offered (a firewall between Posthouse and this member inspects"
                    + " SMTP: it has masked the EHLO reply; switch the inspection off)"));
  }

  @Test
  void starsAroundANameAndPrivateKeywordsAreNoFirewall() {
    assertThat(
            play(Depth.HELLO, "220 **** mx.example.net ****", "250 mx/X-EXPS/XCLIENT", "221")
                .reason())
        .isEqualTo("hello");
  }

  @Test
  void keepsWhatTheMemberSaysOfItselfBeforeTlsAndInside() {
    ProbeDialogue dialogue = dialogue(Depth.STARTTLS, null);
    dialogue.begin();
    assertThat(dialogue.introduction()).isEqualTo(Introduction.NONE);
    Reply greeting = Reply.of(220, "mx");
    Reply ehlo = new Reply(250, List.of("mx", "STARTTLS", "8BITMIME"));
    dialogue.replied(greeting);
    dialogue.replied(ehlo);
    dialogue.replied(Reply.of(220, "go"));
    dialogue.secured();
    Reply inside = new Reply(250, List.of("mx", "8BITMIME", "AUTH PLAIN"));
    dialogue.replied(inside);
    Introduction introduction = dialogue.introduction();
    assertThat(introduction).isEqualTo(new Introduction(greeting, ehlo, inside));
    assertThat(introduction.ehloOfMail(MemberTls.OFF)).isEqualTo(ehlo);
    for (Mode mode : List.of(Mode.OPTIONAL, Mode.REQUIRED, Mode.VERIFIED)) {
      assertThat(introduction.ehloOfMail(tls(mode, false))).isEqualTo(inside);
    }
  }

  @Test
  void whatIsSaidInPlainTeachesNothingOfMailThatGoesByTls() {
    Reply offers = new Reply(250, List.of("mx", "starttls", "DSN"));
    Introduction cut = new Introduction(Reply.of(220, "mx"), offers, null);
    assertThat(cut.ehloOfMail(tls(Mode.OPTIONAL, false))).isNull();
    Reply plain = new Reply(250, List.of("mx", "DSN"));
    Introduction without = new Introduction(Reply.of(220, "mx"), plain, null);
    assertThat(without.ehloOfMail(tls(Mode.OPTIONAL, false))).isEqualTo(plain);
    assertThat(without.ehloOfMail(tls(Mode.OPTIONAL, true))).isNull();
    assertThat(without.ehloOfMail(tls(Mode.REQUIRED, false))).isNull();
  }

  @ParameterizedTest
  @EnumSource(value = Mode.class, names = "OFF", mode = EnumSource.Mode.EXCLUDE)
  void saysHelloInsideTlsWhereMailDoes(Mode mode) {
    tls = tls(mode, false);
    assertThat(play(Depth.HELLO, "220 mx", "250 mx/STARTTLS", "220 go", "250 mx", "221"))
        .isEqualTo(new ProbeResult.Passed("hello"));
    assertThat(said).containsExactly("EHLO lb", "STARTTLS", "EHLO lb", "QUIT");
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REQUIRED", "VERIFIED"})
  void neverGoesOnInPlainWhereMailWouldNot(Mode mode) {
    tls = tls(mode, false);
    for (Depth depth : List.of(Depth.HELLO, Depth.STARTTLS, Depth.SENDER, Depth.RECIPIENT)) {
      said.clear();
      assertThat(play(depth, "220 mx", "250 mx", "221"))
          .isEqualTo(new ProbeResult.Failed(ProbeStep.STARTTLS, "STARTTLS is not offered"));
      assertThat(said).containsExactly("EHLO lb", "QUIT");
    }
    assertThat(play(Depth.HELLO, "220 mx", "502 what", "250 mx", "221"))
        .isInstanceOf(ProbeResult.Failed.class);
    assertThat(play(Depth.BANNER, "220 mx", "221")).isInstanceOf(ProbeResult.Passed.class);
  }

  @Test
  void goesOnInPlainWhereMailDoes() {
    tls = tls(Mode.OPTIONAL, false);
    assertThat(play(Depth.HELLO, "220 mx", "250 mx", "221"))
        .isEqualTo(new ProbeResult.Passed("hello"));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aRefusedStartTlsIsNeverFollowedByMail(Mode mode) {
    tls = tls(mode, false);
    assertThat(play(Depth.SENDER, "220 mx", "250 mx/STARTTLS", "454 not now", "221"))
        .isEqualTo(new ProbeResult.Failed(ProbeStep.STARTTLS, "454 not now"));
    assertThat(said).containsExactly("EHLO lb", "STARTTLS", "QUIT");
  }

  @Test
  void implicitTlsComesBeforeTheGreeting() {
    tls = tls(Mode.REQUIRED, true);
    ProbeDialogue dialogue = dialogue(Depth.STARTTLS, null);
    assertThat(dialogue.begin()).isEqualTo(new Next.StartTls());
    assertThat(dialogue.step()).isEqualTo(ProbeStep.TLS);
    assertThat(dialogue.secured()).isEqualTo(new Next.Await());
    Reply greeting = Reply.of(220, "mx");
    Reply ehlo = new Reply(250, List.of("mx", "STARTTLS", "DSN"));
    assertThat(dialogue.replied(greeting)).isEqualTo(new Next.Send("EHLO lb"));
    assertThat(dialogue.replied(ehlo)).isEqualTo(new Next.Send("QUIT"));
    assertThat(dialogue.result()).isEqualTo(new ProbeResult.Passed("starttls"));
    assertThat(dialogue.introduction()).isEqualTo(new Introduction(greeting, null, ehlo));
    assertThat(dialogue.introduction().ehloOfMail(tls)).isEqualTo(ehlo);
  }

  @Test
  void implicitTlsIsAskedForByTheModeOnly() {
    tls = tls(Mode.OFF, true);
    assertThat(play(Depth.HELLO, "220 mx", "250 mx", "221"))
        .isEqualTo(new ProbeResult.Passed("hello"));
  }

  @Test
  void aMonitorWithoutSendersIsMisconfigured() {
    ProbeDialogue dialogue = dialogue(Depth.SENDER, null);
    dialogue.begin();
    dialogue.replied(Reply.of(220, "mx"));
    assertThat(dialogue.replied(Reply.of(250, "mx"))).isEqualTo(new Next.Send("QUIT"));
    assertThat(dialogue.result()).isInstanceOf(ProbeResult.Inconclusive.class);
  }

  @Test
  void neverSaysDataAndAlwaysEndsWithQuitOrAReasonNotTo() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    int[] codes = {220, 250, 250, 250, 354, 421, 450, 451, 452, 454, 500, 521, 550, 554};
    for (int run = 0; run < 3000; run++) {
      List<Depth> depths = List.of(Depth.values());
      Depth depth = depths.get(random.nextInt(depths.size()));
      tls = anyTls(random);
      announce = anyAnnounce(random);
      ProbeDialogue dialogue = dialogue(depth, new Senders("in@a.com", "out@b.net"));
      Next next = dialogue.begin();
      int code = 0;
      int steps = 0;
      String last = "";
      while (!(next instanceof Next.Close)) {
        assertThat(steps++).as("seed %d", seed).isLessThan(20);
        if (next instanceof Next.StartTls) {
          next = dialogue.secured();
        } else {
          code = codes[random.nextInt(codes.length)];
          next = dialogue.replied(new Reply(code, List.of("x", "STARTTLS", "XCLIENT ADDR")));
        }
        if (next instanceof Next.Send send) {
          last = send.line();
          assertThat(last).as("seed %d", seed).doesNotStartWith("DATA");
        }
      }
      boolean reason = code == 421 || code == 521;
      assertThat(last.equals("QUIT") || reason).as("seed %d", seed).isTrue();
      assertThat(dialogue.result().reason()).as("seed %d", seed).isNotEqualTo("given up");
    }
  }
}
