package io.posthouse.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.audit.MemberWay;
import io.posthouse.config.ConfigFile;
import io.posthouse.path.PathFinding.Kind;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the ends of ways mean, and how that depends on the other ways. */
class MemberVerdictsTest {
  private static final String OWN = "10.1.1.4";
  private static final String ONE = "172.16.51.174";
  private static final String OTHER = "172.16.51.175";
  private static final Whereabouts HERE = new Whereabouts(true, "eth0", true);

  private final List<WalkedWay> walked = new ArrayList<>();

  private static List<MemberWay> ways(String announce) {
    ConfigFile.Result result =
        ConfigFile.read(
            "t.yaml",
            """
            version: 1
            hostname: lb.example.net
            client-classes:
              some: { from: any, relay: server, snat: %s }
            pools: { hub: { announce: %s, members: { ex1: 10.1.1.21:25, ex2: 10.1.1.22:25 } } }
            virtual-servers: { MAIL: { listen: 172.16.51.174:25, pool: hub, classes: [some] } }
            """
                .formatted(ONE, announce));
    assertThat(result).as(result.problems().toString()).isInstanceOf(ConfigFile.Read.class);
    return MemberWay.all(((ConfigFile.Read) result).configuration());
  }

  /** One more way to the member. */
  private MemberVerdictsTest from(String source, Attempt attempt) {
    return from(source, HERE, "eth0", attempt, "none");
  }

  private MemberVerdictsTest from(
      String source, Whereabouts at, String towards, Attempt attempt, String announce) {
    MemberWay way = ways(announce).get(source.equals(OWN) ? 0 : 1);
    walked.add(new WalkedWay(way, InetAddress.ofLiteral(source), at, towards, attempt));
    return this;
  }

  private static Attempt greets(String text) {
    return connected(Duration.ofMillis(2))
        .then(
            new Reply(Integer.parseInt(text.substring(0, 3)), List.of(text.substring(4))),
            Duration.ofMillis(3));
  }

  private static Attempt connected(Duration time) {
    return Attempt.of(End.CONNECTED, time, "connected");
  }

  private static Attempt ended(End end) {
    return end.isConnection()
        ? connected(Duration.ofMillis(2)).then(end, Duration.ofSeconds(10), end + "!")
        : Attempt.of(end, Attempt.CONNECT, end + "!");
  }

  private List<PathFinding> findings() {
    return MemberVerdicts.of(walked);
  }

  private PathFinding finding() {
    assertThat(findings()).hasSize(1);
    return findings().getFirst();
  }

  @Test
  void thereIsNothingToSayOfWaysThatAreWell() {
    from(OWN, greets("220 mx ESMTP")).from(ONE, connected(Duration.ofMillis(999)));

    assertThat(findings()).isEmpty();
  }

  @Test
  void aTimeOutFromOneAddressAloneIsItsWayBack() {
    from(OWN, greets("220 mx")).from(ONE, ended(End.TIMED_OUT)).from(OTHER, ended(End.TIMED_OUT));

    assertThat(finding().kind()).isEqualTo(Kind.NO_WAY_BACK);
    assertThat(finding().subject())
        .isEqualTo("hub/ex1 at 10.1.1.21:25 from 172.16.51.174, 172.16.51.175");
    assertThat(finding().problem())
        .contains(
            "while connections from 10.1.1.4 are answered",
            "the member's way back to 172.16.51.174")
        .contains("does not lead here", "ARP", "firewall");
    assertThat(finding().remedy()).contains("ip route get 172.16.51.174", "port 25");
  }

  /** Who refuses is there, and its answers come back. */
  @Test
  void aRefusalIsAnAnswerToo() {
    from(OWN, ended(End.REFUSED)).from(ONE, ended(End.TIMED_OUT));

    assertThat(findings())
        .extracting(PathFinding::kind)
        .containsExactly(Kind.NO_WAY_BACK, Kind.REFUSED);
  }

  @Test
  void whatMembersHaveAlikeIsOneFindingAboutWhatTheyShare() {
    for (int member = 0; member < 2; member++) {
      Attempt greets = greets("220 mx" + member);
      add(2 * member, OWN, greets);
      add(2 * member + 1, ONE, ended(End.TIMED_OUT));
    }
    assertThat(finding().subject())
        .isEqualTo("hub/ex1 at 10.1.1.21:25, hub/ex2 at 10.1.1.22:25 from 172.16.51.174");
    assertThat(finding().problem())
        .contains("It is so with 2 members: look first at what they share");

    // What each says for itself stays with it, be it to another address.
    walked.clear();
    add(1, ONE, greets("554 one"));
    add(3, ONE, greets("554 other"));
    add(3, OTHER, greets("554 another"));
    assertThat(findings()).hasSize(3).noneMatch(each -> each.problem().contains("It does greet"));
  }

  private void add(int way, String source, Attempt attempt) {
    walked.add(
        new WalkedWay(ways("none").get(way), InetAddress.ofLiteral(source), HERE, "eth0", attempt));
  }

  @Test
  void theAnswerMayComeInWhereItIsDropped() {
    from(OWN, greets("220 mx"))
        .from(ONE, new Whereabouts(true, "eth1", true), "eth0", ended(End.TIMED_OUT), "none");

    assertThat(finding().remedy())
        .contains("172.16.51.174 is on eth1 here", "leads by eth0", ".../conf/eth1/rp_filter is 1");
  }

  @Test
  void aTimeOutFromEverywhereIsTheHost() {
    from(OWN, ended(End.TIMED_OUT)).from(ONE, ended(End.TIMED_OUT));

    assertThat(finding().kind()).isEqualTo(Kind.NO_ANSWER);
    assertThat(finding().problem())
        .contains(
            "any of the 2 addresses that were tried",
            "host is down",
            "address is not its",
            "firewall");
  }

  @Test
  void anInterfaceThatIsDownIsNamedBesideATimeOut() {
    from(OWN, greets("220 mx"))
        .from(ONE, new Whereabouts(true, "eth1", false), "eth0", ended(End.TIMED_OUT), "none");

    assertThat(finding().kind()).isEqualTo(Kind.NO_WAY_BACK);
    assertThat(finding().remedy()).contains("on eth1 here, which is down or has no carrier");
  }

  /** By ip_nonlocal_bind alone the kernel finds no route from it. */
  @ParameterizedTest
  @EnumSource(names = {"TIMED_OUT", "UNREACHABLE"})
  void anAddressThatIsElsewhereGetsNoAnswers(End end) {
    from(OWN, greets("220 mx"))
        .from(ONE, new Whereabouts(false, "", true), "eth0", ended(end), "none");

    assertThat(finding().kind()).isEqualTo(Kind.SOURCE_ELSEWHERE);
    assertThat(finding().problem()).contains("not an address of this machine", "ip_nonlocal_bind");
  }

  @Test
  void aRefusalOfAllIsTheService() {
    from(OWN, ended(End.REFUSED)).from(ONE, ended(End.REFUSED));

    assertThat(finding().kind()).isEqualTo(Kind.REFUSED);
    assertThat(finding().problem()).contains("Nothing listens there, or a firewall rejects");
  }

  @Test
  void aRefusalOfOneIsAFirewall() {
    from(OWN, ended(End.SILENT)).from(ONE, ended(End.REFUSED));

    assertThat(findings())
        .extracting(PathFinding::kind)
        .containsExactly(Kind.REJECTED, Kind.SILENT);
    assertThat(findings().getFirst().problem())
        .contains("while those from 10.1.1.4 are taken", "firewall");
  }

  @Test
  void noRouteIsTheRoute() {
    from(ONE, ended(End.UNREACHABLE));

    assertThat(finding().kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(finding().problem()).contains("no way: UNREACHABLE!", "ARP");
  }

  @Test
  void anAddressThatCannotBeUsedSaysWhy() {
    from(ONE, new Whereabouts(false, "", true), "", ended(End.CANNOT_LEAVE), "none");
    assertThat(finding().kind()).isEqualTo(Kind.CANNOT_LEAVE);
    assertThat(finding().remedy()).contains("not on this machine", "ip addr add 172.16.51.174");

    walked.clear();
    from(ONE, new Whereabouts(true, "eth1", false), "", ended(End.UNREACHABLE), "none");
    assertThat(finding().kind()).isEqualTo(Kind.CANNOT_LEAVE);
    assertThat(finding().remedy()).contains("eth1, which is down");

    walked.clear();
    from(ONE, ended(End.CANNOT_LEAVE));
    assertThat(finding().remedy()).contains("other family", "ports are taken");
  }

  /** Two steps of one way are two findings. */
  @Test
  void aLateConnectionIsNamedBesideWhatElseIsWrong() {
    from(ONE, connected(Duration.ofMillis(1020)).then(Reply.of(554, "no"), Duration.ZERO));

    assertThat(findings())
        .extracting(PathFinding::kind)
        .containsExactly(Kind.SLOW, Kind.TURNED_AWAY);
    assertThat(findings().getFirst().problem())
        .contains("1.0 s", "first SYN")
        .doesNotContain("connect-timeout");
  }

  @Test
  void aConnectionThatMailDoesNotWaitForSaysSo() {
    from(ONE, connected(Duration.ofMillis(5_100)));

    assertThat(finding().problem()).contains("5.1 s", "longer than the connect-timeout");
  }

  @ParameterizedTest
  @CsvSource({
    "none, it waits for a PROXY header",
    "proxy-v2, does not expect the PROXY header",
    "xclient, it waits for a PROXY header"
  })
  void silenceMayBeTheWayThatClientsAreAnnounced(String announce, String words) {
    from(OWN, greets("220 mx")).from(ONE, HERE, "eth0", ended(End.SILENT), announce);

    assertThat(finding().kind()).isEqualTo(Kind.SILENT);
    assertThat(finding().problem())
        .contains(words, "within 10 s", "DNS is slow", "It does greet 10.1.1.4.");
  }

  @Test
  void aGreetingThatIsLateToSomeIsNamedAndOneThatIsLateToAllIsOnPurpose() {
    Attempt late = connected(Duration.ofMillis(2)).then(Reply.of(220, "mx"), Duration.ofSeconds(6));
    from(OWN, late).from(ONE, late);
    assertThat(findings()).isEmpty();

    from(OTHER, greets("220 mx"));
    assertThat(finding().kind()).isEqualTo(Kind.LATE);
    assertThat(finding().problem())
        .contains("It greets 10.1.1.4, 172.16.51.174 after 6 s, and 172.16.51.175 at once");
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSED, HUNG_UP, access list",
    "RESET, HUNG_UP, access list",
    "NONSENSE, NOT_SMTP, no SMTP: NONSENSE!",
    "NO_TLS, NO_TLS, TLS does not start: NO_TLS!",
    "UNKNOWN_NAME, UNKNOWN_NAME, gets no mail",
    "FAILED, FAILED, FAILED!",
    "NOT_TRIED, NOT_TRIED, NOT_TRIED!",
  })
  void eachEndHasItsWords(End end, Kind kind, String words) {
    from(ONE, ended(end));

    assertThat(finding().kind()).isEqualTo(kind);
    assertThat(finding().problem()).contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          554 5.7.1 Client host rejected | does not take mail from this address | remote IP ranges
          421 4.3.2 The maximum number of concurrent connections has exceeded a limit | takes no more from this address now, while others are let in | MaxInboundConnectionPerSource
          421 4.7.0 Too many connections from your host | over a limit | MaxInboundConnectionPerSource
          450 4.7.1 come back later | does not take mail from this address now | remote IP ranges
          500 what | no greeting | log
          """)
  void aGreetingThatRefusesIsToldWithItsMeaning(String text, String meaning, String remedy) {
    from(OWN, greets("220 mx")).from(ONE, greets(text));

    assertThat(finding().kind()).isEqualTo(Kind.TURNED_AWAY);
    assertThat(finding().problem()).contains(text, meaning, "It does greet 10.1.1.4.");
    assertThat(finding().remedy()).contains(remedy);
  }

  @Test
  void aMaskedBannerIsAFirewall() {
    from(ONE, greets("220 *****************2***0*0"));

    assertThat(finding().kind()).isEqualTo(Kind.MASKED);
    assertThat(finding().remedy()).contains("Switch the inspection off");
  }

  /** Whatever happens, something is said, and each on one line. */
  @ParameterizedTest
  @EnumSource(End.class)
  void everyEndWithEveryOtherIsSaid(End end) {
    for (End other : End.values()) {
      walked.clear();
      from(OWN, ended(other)).from(ONE, ended(end));

      assertThat(findings())
          .allSatisfy(each ->
              assertThat(each.problem() + each.remedy()).doesNotContain("\n", "%s", "null"));
      assertThat(findings().isEmpty()).isEqualTo(isWell(end) && isWell(other));
    }
  }

  private static boolean isWell(End end) {
    return end == End.CONNECTED || end == End.GREETED;
  }

  @Test
  void whatAServerSaysComesOnOneShortLine() {
    from(ONE, greets("554 \u0007\u001b[31m" + "x".repeat(5000)));

    assertThat(finding().problem()).contains("\\x07\\x1b[31m").doesNotContain("\u001b");
    assertThat(finding().problem().length()).isLessThan(400);
  }
}
