package io.posthouse.dsr;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.dsr.CheckSeen.Answer;
import io.posthouse.dsr.DsrFinding.Kind;
import io.posthouse.dsr.DsrFinding.Severity;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The pair of tries is the diagnosis. */
class DsrVerdictsTest {
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");
  private static final String MAC = "02:77:00:00:00:21";
  private static final Behind EX1 = Behind.named(DsrFile.servers(), "MAIL/ex1").getFirst();

  private static Attempt attempt(End end) {
    Duration ms = Duration.ofMillis(1);
    return end == End.GREETED
        ? Attempt.of(End.CONNECTED, ms, "").then(Reply.of(220, "ex1"), ms)
        : Attempt.of(end, ms, "words of " + end);
  }

  private static ServerSeen seen(End own, VipSeen... vips) {
    return new ServerSeen(EX1, true, MAC, attempt(own), List.of(vips));
  }

  private static VipSeen vip(End end, Answer... answers) {
    return new VipSeen(VIP, attempt(end), true, false, List.of(answers));
  }

  private static Answer answer(String mac, String source) {
    return new Answer(1, mac, InetAddress.ofLiteral(source));
  }

  private static List<DsrFinding> of(ServerSeen server) {
    return DsrVerdicts.of("MAIL", "eth0", List.of(server), List.of(), Map.of());
  }

  private static List<DsrFinding> of(ClaimsSeen claims) {
    return DsrVerdicts.of("MAIL", "eth0", List.of(), List.of(claims), Map.of(MAC, EX1));
  }

  private static ClaimsSeen claims(boolean here, @Nullable String unasked, String... macs) {
    return new ClaimsSeen(VIP, here, Set.copyOf(Arrays.asList(macs)), unasked);
  }

  private static List<Kind> kinds(List<DsrFinding> all) {
    return all.stream().map(DsrFinding::kind).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "GREETED, GREETED, ",
    "CONNECTED, CONNECTED, ",
    "SILENT, SILENT, ",
    "GREETED, TIMED_OUT, VIP_MISSING",
    "GREETED, UNREACHABLE, VIP_MISSING",
    "GREETED, REFUSED, NOT_ON_VIP",
    "GREETED, SILENT, SPEAKS_OTHERWISE",
    "GREETED, CLOSED, SPEAKS_OTHERWISE",
    "TIMED_OUT, GREETED, OWN_ADDRESS_SILENT",
    "REFUSED, GREETED, OWN_ADDRESS_SILENT",
    "REFUSED, REFUSED, NOT_RUNNING",
    "REFUSED, TIMED_OUT, NOT_RUNNING",
    "TIMED_OUT, TIMED_OUT, SERVER_DOWN",
    "UNREACHABLE, UNREACHABLE, SERVER_DOWN",
    "GREETED, NOT_TRIED, NOT_TRIED",
    "GREETED, FAILED, NOT_TRIED",
    "NOT_TRIED, GREETED, NOT_TRIED"
  })
  void eachPairHasItsName(End own, End through, @Nullable Kind kind) {
    assertThat(kinds(of(seen(own, vip(through)))))
        .isEqualTo(kind == null ? List.of() : List.of(kind));
  }

  /** Whatever comes of two tries, somebody gets words. */
  @ParameterizedTest
  @EnumSource(End.class)
  void everyEndWithEveryOtherIsUnderstood(End own) {
    for (End through : End.values()) {
      assertThat(of(seen(own, vip(through))))
          .allMatch(each -> each.subject().equals("MAIL/ex1") && !each.remedy().isEmpty());
    }
    of(seen(own));
  }

  @Test
  void aServerThatSendsThePacketBackRoutesAndHasNoVip() {
    VipSeen back = new VipSeen(VIP, attempt(End.TIMED_OUT), true, true, List.of());

    DsrFinding finding = of(seen(End.GREETED, back)).getFirst();

    assertThat(finding.kind()).isEqualTo(Kind.VIP_MISSING);
    assertThat(finding.problem()).contains("it sent the packet back");
    assertThat(finding.remedy())
        .startsWith("On 10.77.0.21 run what \"posthouse dsr setup MAIL/ex1 -c FILE\" prints")
        .contains("posthouse dsr setup MAIL/ex1 -c FILE --windows");
  }

  @Test
  void aPacketThatNeverLeftSaysNothingOfTheServer() {
    VipSeen kept = new VipSeen(VIP, attempt(End.TIMED_OUT), false, false, List.of());

    assertThat(kinds(of(seen(End.GREETED, kept)))).containsExactly(Kind.NOT_SENT);
  }

  @Test
  void anAnswerFromAnotherAddressOrByAnotherInterfaceIsNamed() {
    DsrFinding source =
        of(seen(End.GREETED, vip(End.TIMED_OUT, answer(MAC, "10.77.0.21")))).getFirst();
    assertThat(source.kind()).isEqualTo(Kind.OTHER_SOURCE);
    assertThat(source.problem()).contains("from 10.77.0.21 in place of 10.77.0.100");

    DsrFinding mac =
        of(seen(End.GREETED, vip(End.GREETED, answer("02:77:00:00:00:99", "10.77.0.100"))))
            .getFirst();
    assertThat(mac.kind()).isEqualTo(Kind.OTHER_MAC);
    assertThat(mac.problem()).contains("came from 02:77:00:00:00:99", "at " + MAC);
    assertThat(of(seen(End.GREETED, vip(End.GREETED, answer(MAC, "10.77.0.100"))))).isEmpty();
  }

  @Test
  void aServerThatIsDownIsSoOnceForAllVips() {
    assertThat(kinds(of(seen(End.TIMED_OUT, vip(End.TIMED_OUT), vip(End.TIMED_OUT)))))
        .containsExactly(Kind.SERVER_DOWN);
  }

  @Test
  void aServerInAnotherNetworkCannotWork() {
    ServerSeen routed = new ServerSeen(EX1, false, null, attempt(End.GREETED), List.of());

    assertThat(of(routed).getFirst().problem()).startsWith("10.77.0.21 is in no network of eth0.");
    assertThat(kinds(of(new ServerSeen(EX1, true, null, attempt(End.UNKNOWN_NAME), List.of()))))
        .containsExactly(Kind.UNKNOWN_NAME);
  }

  @Test
  void whoAnswersForTheVipIsNamedByItsMac() {
    assertThat(of(claims(true, null))).isEmpty();
    List<DsrFinding> all = of(claims(true, null, MAC, "02:77:00:00:00:99"));
    assertThat(all)
        .extracting(DsrFinding::kind, DsrFinding::subject)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Kind.ANSWERS_FOR_VIP, "MAIL/ex1"),
            org.assertj.core.groups.Tuple.tuple(Kind.ANSWERS_FOR_VIP, "MAIL"));
    assertThat(all.getFirst().problem()).contains("ARP for 10.77.0.100", "arp_ignore");
    assertThat(all.getLast().problem()).contains("02:77:00:00:00:99, which is none of the members");
  }

  /** On a standby the active one answers, and that is right. */
  @Test
  void whereTheVipIsElsewhereOnlyMembersMayNotAnswer() {
    assertThat(kinds(of(claims(false, null, "02:77:00:00:00:99"))))
        .containsExactly(Kind.VIP_NOT_HERE);
    assertThat(kinds(of(claims(false, null, MAC))))
        .containsExactly(Kind.VIP_NOT_HERE, Kind.ANSWERS_FOR_VIP);
  }

  @Test
  void whatCouldNotBeAskedIsANote() {
    DsrFinding note = of(claims(true, "there is no program arping here")).getFirst();

    assertThat(note.kind().severity()).isEqualTo(Severity.NOTE);
    assertThat(note.problem()).contains("there is no program arping here");
  }
}
