package io.posthouse.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.ruleset.DsrPlan.Vip;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DsrRulesTest {
  private static final DsrRules RULES = DsrRules.of("/var/lib/posthouse");
  private static final DsrService ONE = service(1, "10.77.0.100", false, 0, null);
  private static final DsrService TWO =
      service(2, "fd77::100", true, 50, List.of("fd77::-fd77::ff"));

  @Test
  void nothingThatIsThereIsMadeAnew() {
    DsrPlan plan = plan(ONE, TWO);
    String text = RULES.install(plan, plan);
    assertThat(text.lines()).noneMatch(line -> line.startsWith("delete "));
    assertThat(text.lines().filter(line -> line.startsWith("flush ")))
        .noneMatch(line -> line.matches(".*_(half|conn|late|fin)"))
        .noneMatch(line -> line.startsWith("flush table") || line.startsWith("flush ruleset"));
  }

  @Test
  void everythingIsNamedByNumbersOfOurOwn() {
    String text = RULES.install(plan(ONE, TWO), DsrPlan.NONE);
    assertThat(text.lines())
        .allMatch(line ->
            line.contains(" netdev " + RULES.table() + " ")
                || line.endsWith(" netdev " + RULES.table())
                || line.contains(" inet " + RULES.table()));
    assertThat(RULES.table()).matches("posthouse_dsr_[0-9a-f]{8}");
  }

  @Test
  void aListThatIsThereIsNotSentAgain() {
    DsrService wider = service(2, "fd77::100", true, 50, List.of("fd77::-fd77::ffff"));
    assertThat(RULES.install(plan(TWO), plan(TWO))).doesNotContain("fd77::-fd77::ff ");
    assertThat(RULES.install(plan(wider), plan(TWO))).contains("{ fd77::-fd77::ffff }");
    assertThat(RULES.install(plan(TWO), DsrPlan.NONE)).contains("{ fd77::-fd77::ff }");
  }

  @Test
  void aChangedLimitHoldsForThoseWhoWereCountedByTheOldOne() {
    assertThat(RULES.install(plan(TWO), plan(TWO)).lines())
        .contains("flush set netdev " + RULES.table() + " s2_rate");
  }

  @Test
  void whatComesOutOfNowhereFillsAMapOfItsOwn() {
    assertThat(new DsrChains(ONE).rules())
        .filteredOn(line -> line.contains("update @s1_conn"))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("s1_first ") || line.startsWith("s1_known "));
  }

  @Test
  void onlyFramesForThisMachineAreHandedOn() {
    List<String> entrances =
        RULES
            .install(plan(ONE, TWO), DsrPlan.NONE)
            .lines()
            .filter(line -> line.matches("add rule netdev \\S+ in_[0-9a-f]{8} .*"))
            .toList();
    assertThat(entrances).hasSize(4).allMatch(line -> line.contains(" meta pkttype host "));
  }

  @Test
  void aDeviceThatWasMadeAnewIsAnotherOne() {
    DsrPlan one = plan(ONE);
    DsrPlan anew = new DsrPlan(one.services(), one.members(), one.vips(), Map.of("eth0", 3));
    assertThat(anew).isNotEqualTo(one);
    assertThat(anew.differsInSharesAlone(one)).isFalse();
  }

  @Test
  void aServiceThatIsGoneTakesAllOfItsOwnAlongAndNothingElse() {
    List<String> removed =
        RULES
            .install(plan(ONE), plan(ONE, TWO))
            .lines()
            .filter(line -> line.startsWith("delete "))
            .toList();
    assertThat(removed)
        .isNotEmpty()
        .allMatch(line -> line.matches("delete (chain|map|set) netdev \\S+ s2\\w*"));
    List<String> made =
        RULES
            .install(plan(TWO), DsrPlan.NONE)
            .lines()
            .filter(line -> line.matches("add (chain|map|set) netdev \\S+ s2.*"))
            .map(line -> line.split(" ", 6)[4])
            .toList();
    assertThat(removed)
        .map(line -> line.split(" ", 5)[4])
        .containsExactlyInAnyOrderElementsOf(made);
  }

  @Test
  void aDeviceWithoutServicesHasNoChainAnyMore() {
    DsrService elsewhere =
        new DsrService(
            3,
            "eth9",
            InetAddress.ofLiteral("10.9.0.1"),
            25,
            false,
            Duration.ofMinutes(11),
            0,
            null);
    assertThat(RULES.install(plan(ONE), plan(ONE, elsewhere)))
        .containsPattern("delete chain netdev \\S+ in_[0-9a-f]{8}\n");
    assertThat(RULES.install(plan(ONE), plan(ONE, TWO)))
        .doesNotContainPattern("delete chain netdev \\S+ in_");
  }

  @Test
  void aChangeOfSharesTouchesNoRuleAndNoLink() {
    String text = RULES.change(ONE, shares(2));
    assertThat(text.lines())
        .allMatch(line -> line.matches("(flush (map|set)|add element) netdev .*"))
        .noneMatch(line -> line.contains("_half") || line.contains("_conn"));
  }

  @Test
  void withoutAMemberEachSlotLeadsToARefusal() {
    DsrShares none = new DsrShares(List.of(), Set.of(), Set.of(), Set.of(1));
    assertThat(RULES.change(ONE, none)).contains("s1_slot { * : 0 }");
  }

  @Test
  void whoIsAdmittedIsAskedOfEachNewLinkAlone() {
    List<String> open = new DsrChains(ONE).rules();
    List<String> closed = new DsrChains(TWO).rules();
    assertThat(open).noneMatch(line -> line.contains("admitted") || line.contains("_rate"));
    assertThat(closed)
        .contains("s2_syn ip6 saddr != @s2_admitted meta mark set 0x30002 goto ip6_reset")
        .noneMatch(line -> line.startsWith("s2_known") && line.contains("admitted"));
    assertThat(closed)
        .anyMatch(line -> line.contains("limit rate over 50/second burst 50 packets"));
  }

  @Test
  void aListOfNobodyAdmitsNobody() {
    DsrService nobody = service(1, "10.77.0.100", false, 0, List.of());
    String text = RULES.install(plan(nobody), DsrPlan.NONE);
    assertThat(text)
        .contains("ip saddr != @s1_admitted")
        .doesNotContain("add element netdev " + RULES.table() + " s1_admitted");
  }

  @Test
  void theHashIsTheSameOnEveryMachine() {
    assertThat(new DsrChains(ONE).rules())
        .filteredOn(line -> line.contains("jhash"))
        .isNotEmpty()
        .allMatch(line -> line.contains("jhash ip saddr . tcp sport mod 4093 seed 0x5eed"));
    assertThat(new DsrChains(TWO).rules())
        .filteredOn(line -> line.contains("jhash"))
        .allMatch(line -> line.contains("jhash ip6 saddr mod 4093 seed 0x5eed"));
  }

  @Test
  void countersAreReadByVipPortAndMember() {
    DsrCounts counts =
        DsrCounts.of(
            """
            table netdev posthouse_dsr_00000000 {
            \tset ip_counts {
            \t\ttypeof ip daddr . tcp dport . meta mark
            \t\tcounter
            \t\telements = { 10.77.0.100 . 25 . 0x00000007 counter packets 12 bytes 3456,
            \t\t\t     10.77.0.100 . 25 . 0x00020007 counter packets 5 bytes 300,
            \t\t\t     10.77.0.100 . 25 . 0x00030002 counter packets 2 bytes 120 }
            \t}
            }
            table netdev posthouse_dsr_00000000 {
            \tset ip6_counts {
            \t\telements = { fd77::100 . 25 . 0x00010007 counter packets 9 bytes 720 }
            \t}
            }
            """);
    assertThat(counts.all(ONE, 7).octets()).isEqualTo(3456);
    assertThat(counts.made(ONE, 7)).isEqualTo(5);
    assertThat(counts.denied(ONE)).isEqualTo(2);
    assertThat(counts.begun(TWO, 7)).isEqualTo(9);
    assertThat(counts.made(TWO, 7)).isZero();
    assertThat(DsrCounts.of("1.2.3.4 . 25 . 0x7 counter packets -1 bytes y").byKey()).isEmpty();
  }

  @Test
  void whatIsMissingInTheKernelIsSeen() {
    String guard = "table inet %s {\n\tchain guard {\n\t}\n}\n".formatted(RULES.table());
    String chain =
        RULES
            .install(plan(ONE), DsrPlan.NONE)
            .lines()
            .filter(line -> line.contains("hook ingress"))
            .map(line -> line.split(" ", 6)[4])
            .findFirst()
            .orElseThrow();
    String netdev =
        "table netdev %s {\n\tchain s1 {\n\t}\n\tchain %s {\n\t}\n}\n"
            .formatted(RULES.table(), chain);
    assertThat(RULES.isWhole(netdev + guard, plan(ONE))).isTrue();
    assertThat(RULES.isWhole(netdev, plan(ONE))).isFalse();
    assertThat(RULES.isWhole(guard, plan(ONE))).isFalse();
    String elsewhere = "table netdev other {\n\tchain " + chain + " {\n\t}\n}\n";
    assertThat(RULES.isWhole(elsewhere + guard, plan(ONE))).isFalse();
    assertThat(RULES.isAny(elsewhere)).isFalse();
    assertThat(RULES.isAny(netdev)).isTrue();
  }

  private static DsrService service(
      int number, String vip, boolean bySource, int often, @Nullable List<String> admitted) {
    return new DsrService(
        number,
        "eth0",
        InetAddress.ofLiteral(vip),
        25,
        bySource,
        Duration.ofMinutes(11),
        often,
        admitted);
  }

  private static DsrShares shares(int mark) {
    List<Integer> slots = new ArrayList<>(Collections.nCopies(DsrShares.SLOTS, mark));
    return new DsrShares(slots, Set.of(mark), Set.of(), Set.of(1, 2));
  }

  private static DsrPlan plan(DsrService... services) {
    Map<DsrService, DsrShares> all = new LinkedHashMap<>();
    for (DsrService each : services) {
      all.put(each, shares(1));
    }
    return new DsrPlan(
        all,
        Map.of(1, InetAddress.ofLiteral("10.77.0.21"), 2, InetAddress.ofLiteral("fd77::22")),
        Set.of(new Vip("eth0", InetAddress.ofLiteral("10.77.0.100"))),
        Map.of("eth0", 2));
  }
}
