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
        .noneMatch(line -> line.matches(".*_(half|conn|fin)"))
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
  void aServiceThatIsGoneTakesAllOfItsOwnAlongAndNothingElse() {
    List<String> removed =
        RULES
            .install(plan(ONE), plan(ONE, TWO))
            .lines()
            .filter(line -> line.startsWith("delete "))
            .toList();
    assertThat(removed)
        .isNotEmpty()
        .allMatch(line -> line.matches("delete (chain|map|set|counter) netdev \\S+ s2\\w*"));
    List<String> made =
        RULES
            .install(plan(TWO), DsrPlan.NONE)
            .lines()
            .filter(line -> line.matches("add (chain|map|set|counter) netdev \\S+ s2.*"))
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
        .contains("s2_syn ip6 saddr != @s2_admitted counter name s2_denied reject with tcp reset")
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
  void countersAreReadByService() {
    DsrCounts counts =
        DsrCounts.of(
            """
            table netdev posthouse_dsr_00000000 {
            \tcounter s1_in {
            \t\tpackets 12 bytes 3456
            \t}
            \tcounter s1_m7_made {
            \t\tpackets 5 bytes 300
            \t}
            }
            """);
    assertThat(counts.of(ONE, "in").octets()).isEqualTo(3456);
    assertThat(counts.made(ONE, 7)).isEqualTo(5);
    assertThat(counts.made(TWO, 7)).isZero();
    assertThat(DsrCounts.of("garbage counter x { packets -1 bytes y }").byName()).isEmpty();
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
        Set.of(new Vip("eth0", InetAddress.ofLiteral("10.77.0.100"))));
  }
}
