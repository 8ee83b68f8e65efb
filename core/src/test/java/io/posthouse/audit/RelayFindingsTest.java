package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Open relays, and virtual servers without a list. */
class RelayFindingsTest {
  private static final String OWN = "relay: ours, snat: outside";

  @Test
  void aGoodFileHasNoFinding() {
    assertThat(AuditedFile.of(AuditedFile.CLEAN).found()).isEmpty();
  }

  @Test
  void whoeverLetsAnybodySendToAnybodyIsAnOpenRelay() {
    Finding finding = AuditedFile.with(OWN, "relay: any, snat: outside", ours(), "").finding();

    assertThat(finding.kind() + " " + finding.severity() + " " + finding.subject())
        .isEqualTo("OPEN_RELAY HIGH internet");
    assertThat(finding.key()).isEqualTo("client-classes.internet.relay");
    assertThat(finding.problem()).contains("from: any", "relay: any");
    assertThat(finding.harm()).contains("172.16.51.174:25", "spam");
  }

  private static String ours() {
    return "  ours: { type: domain, values: [contoso.com] }\n";
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, true",
    "64.0.0.0/2, true",
    "10.0.0.0/8, false",
    "10.0.0.0/7, true",
    "::ffff:0.0.0.0/96, true",
    "2000::/3, true",
    "fc00::/7, false",
    "fd00::/8, false",
    "2001:db8::/32, false"
  })
  void aListThatHoldsTheInternetIsNoList(String entry, boolean open) {
    assertThat(AuditedFile.with("10.20.0.0/16", '"' + entry + '"').found())
        .isEqualTo(open ? java.util.List.of("HIGH OPEN_RELAY relay") : java.util.List.of());
  }

  @Test
  void theEntryThatOpensItIsNamed() {
    assertThat(AuditedFile.with("10.20.0.0/16", "0.0.0.0/0").finding().problem())
        .contains("0.0.0.0/0 in devices, the configuration file");
  }

  @Test
  void whoMustLogInMayBeAnybody() {
    assertThat(
            AuditedFile.with(OWN, "relay: any, auth: required, snat: outside", ours(), "").found())
        .isEmpty();
  }

  @Test
  void strangersForMembersToJudgeNeedAList() {
    Finding finding = AuditedFile.with(OWN, "relay: server, snat: outside", ours(), "").finding();

    assertThat(finding.kind() + " " + finding.severity() + " " + finding.subject())
        .isEqualTo("NO_LIST MEDIUM MAIL");
    assertThat(String.join("\n", finding.commands()))
        .contains("\"ex1\", \"ex2\"", "-RemoteIPRanges 172.16.51.175, 172.16.51.176 ")
        .doesNotContain("Accept-Any-Recipient");
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy-v1", "proxy-v2", "xclient"})
  void membersThatSeeTheClientMayJudgeIt(String announce) {
    assertThat(
            AuditedFile.with(
                    OWN,
                    "relay: server, snat: outside",
                    ours(),
                    "",
                    "monitors: deep",
                    "monitors: deep\n    announce: " + announce)
                .found())
        .isEmpty();
  }

  @Test
  void membersThatSeeTheClientsOwnAddressMayJudgeIt() {
    assertThat(
            AuditedFile.with(OWN, "relay: server, snat: none", ours(), "", "  outside: [", "  o: [")
                .found())
        .isEmpty();
  }

  @Test
  void aTraceHeaderIsSeenTooLate() {
    assertThat(
            AuditedFile.with(
                    OWN,
                    "relay: server, snat: outside",
                    ours(),
                    "",
                    "monitors: deep",
                    "monitors: deep\n    announce: header")
                .found())
        .containsExactly("MEDIUM NO_LIST MAIL");
  }

  @Test
  void aVirtualServerWithoutClassesHasNoList() {
    String classes = "    classes: [relay, internet]\n";

    assertThat(AuditedFile.with(classes, "").finding().key()).isEqualTo("virtual-servers.MAIL");
    assertThat(AuditedFile.with(classes, "").found()).containsExactly("MEDIUM NO_LIST MAIL");
    assertThat(
            AuditedFile.with(classes, "", "monitors: deep", "monitors: deep\n    announce: xclient")
                .found())
        .containsExactly("LOW NO_LIST MAIL");
  }

  @Test
  void aClassThatIsNeverReachedIsNotFound() {
    assertThat(
            AuditedFile.with(
                    "  internet:",
                    "  behind: { from: any, relay: any }\n  internet:",
                    "[relay, internet]",
                    "[relay, internet, behind]")
                .found())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy", "xclient"})
  void whoeverIsBelievedIsNobodysGuess(String how) {
    String[] believe = {
      "pool: hub\n",
      "pool: hub\n    believe: { " + how + ": front }\n",
      "data-groups:\n",
      "data-groups:\n  front: [192.0.2.7, \"::/0\"]\n"
    };

    Finding finding = AuditedFile.with(believe).finding();
    assertThat(finding.kind() + " " + finding.severity() + " " + finding.subject())
        .isEqualTo("BELIEVES_ANYBODY HIGH MAIL by " + how);
    assertThat(finding.key()).isEqualTo("virtual-servers.MAIL.believe." + how);
    assertThat(finding.problem()).contains("::/0 in front");
    believe[3] = "data-groups:\n  front: [192.0.2.7]\n";
    assertThat(AuditedFile.with(believe).found()).isEmpty();
  }

  @Test
  void modeTcpHoldsNobodyToItsRight() {
    AuditedFile tcp = AuditedFile.with("pool: hub\n", "pool: hub\n    mode: tcp\n");

    assertThat(tcp.found()).containsExactly("MEDIUM UNENFORCED_RELAY internet");
    assertThat(tcp.finding().remedy()).contains("mode: smtp in MAIL");
  }
}
