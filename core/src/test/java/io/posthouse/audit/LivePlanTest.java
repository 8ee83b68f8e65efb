package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.policy.DataGroups;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a live audit asks, as whom, and what it says of the rest. */
class LivePlanTest {
  static LivePlan plan(AuditedFile file) {
    return LivePlan.of(
        file.configuration(), DataGroups.of(file.configuration().dataGroups(), Map.of()));
  }

  private static List<String> names(AuditedFile file) {
    return plan(file).targets().stream().map(LiveTarget::name).toList();
  }

  private static List<String> clients(AuditedFile file) {
    return plan(file).targets().stream()
        .filter(each -> each instanceof LiveTarget.Client)
        .map(each -> each.name() + " as " + ((LiveTarget.Client) each).address())
        .toList();
  }

  @Test
  void eachRestrictedClassAndEachOfItsAddressesAtEachMemberIsAsked() {
    assertThat(names(AuditedFile.of(AuditedFile.CLEAN)))
        .containsExactly(
            "internet on MAIL",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.175",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.176",
            "hub/ex2 at 10.1.1.22:25 from 172.16.51.175",
            "hub/ex2 at 10.1.1.22:25 from 172.16.51.176");
  }

  @Test
  void whoMaySendToAnybodyIsNotAskedButTold() {
    assertThat(plan(AuditedFile.of(AuditedFile.CLEAN)).notes())
        .containsExactly("relay on MAIL may send to anywhere, by its class (relay: any)");
  }

  @Test
  void whoHasToLogInIsAskedAsAStranger() {
    AuditedFile file = AuditedFile.with("relay: any", "relay: any, auth: required");

    assertThat(names(file)).contains("relay on MAIL");
    assertThat(plan(file).notes()).isEmpty();
  }

  /** An address of theirs says all; ours would say nothing. */
  @ParameterizedTest
  @CsvSource({"proxy-v1", "proxy-v2", "xclient"})
  void membersThatAreToldTheClientAreAskedThroughTheVirtualServerAlone(String announce) {
    assertThat(
            names(
                AuditedFile.with(
                    "monitors: deep\n", "monitors: deep\n    announce: " + announce + "\n")))
        .containsExactly("internet on MAIL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          from: any, relay: ours | internet on MAIL as 203.0.113.25
          from: devices, relay: ours | internet on MAIL as nobody
          from: [devices, rest], relay: ours | internet on MAIL as 192.0.2.7
          """)
  void theClientIsOneThatNoClassBeforeHas(String from, String client) {
    AuditedFile file =
        AuditedFile.with(
            "from: any, relay: ours",
            from,
            "data-groups:\n",
            "data-groups:\n  rest: [172.16.51.21, 192.0.2.7]\n");

    assertThat(clients(file)).containsExactly(client);
  }

  @Test
  void whoIsOfTheKernelsChoiceComesFromIt() {
    assertThat(names(AuditedFile.with("snat: outside", "snat: automap", "  outside: [", "  o: [")))
        .contains("hub/ex1 at 10.1.1.21:25 from automap");
  }

  @Test
  void oneAddressOfTwoClassesIsAskedOnceAndForBoth() {
    AuditedFile file =
        AuditedFile.with(
            "  internet:",
            "  partners: { from: devices, relay: none, snat: outside }\n  internet:",
            "[relay, internet]",
            "[relay, partners, internet]");

    assertThat(names(file))
        .containsOnlyOnce("hub/ex1 at 10.1.1.21:25 from 172.16.51.175")
        .doesNotHaveDuplicates();
    LiveTarget.Straight straight = (LiveTarget.Straight) plan(file).targets().get(2);
    assertThat(LiveFindings.who(straight)).isEqualTo("partners on MAIL, internet on MAIL");
  }

  @Test
  void whoSharesAnAddressWithThoseThatMayRelayIsKnown() {
    AuditedFile apart = AuditedFile.of(AuditedFile.CLEAN);
    AuditedFile shared = AuditedFile.with("snat: outside", "snat: 172.16.51.174");

    assertThat(plan(apart).targets()).allMatch(each -> each.shared().isEmpty());
    assertThat(plan(shared).targets())
        .hasSize(3)
        .allMatch(each -> each.shared().equals(List.of("relay")));
  }

  @Test
  void eachHasItsPlaceInTheFile() {
    AuditedFile file =
        AuditedFile.with(
            "[relay, internet]", "[relay, internet]\n  OLD: { listen: 172.16.51.9:25, pool: hub }");

    assertThat(plan(file).targets())
        .allSatisfy(each -> assertThat(file.lines().of(each.key())).as(each.name()).isPositive())
        .extracting(LiveTarget::key)
        .contains("client-classes.internet.relay", "virtual-servers.OLD", "pools.hub.members.ex2");
  }

  @Test
  void rulesAreNotMadeToFireButTheirAddressesAreAsked() {
    AuditedFile file =
        AuditedFile.with(
            "pool: hub\n",
            "pool: hub\n    rules: [bulk, promote, dry, log]\n",
            "monitors:\n  deep:",
            """
            rules:
              bulk: { at: mail, when: 'size > 5', then: { snat: 172.16.51.177 } }
              promote: { at: hello, when: 'helo == "x"', then: { client-class: relay } }
              dry: { at: mail, when: 'size > 5', then: { snat: 172.16.51.178 }, dry-run: true }
              log: { at: mail, when: 'size > 5', then: log }
            monitors:
              deep:\
            """);

    assertThat(names(file))
        .contains("hub/ex1 at 10.1.1.21:25 from 172.16.51.177")
        .noneMatch(name -> name.contains("172.16.51.178"));
    assertThat(clients(file)).hasSize(1);
    assertThat(plan(file).notes())
        .containsExactly(
            "relay on MAIL may send to anywhere, by its class (relay: any)",
            "internet as relay by rule promote on MAIL may send to anywhere, by its class (relay: any)",
            "rules of MAIL were not made to fire: bulk, promote; members were asked from the addresses that they choose");
  }
}
