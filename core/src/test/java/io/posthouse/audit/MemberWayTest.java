package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which ways there are to members, and who goes them. */
class MemberWayTest {
  private static List<String> ways(AuditedFile file) {
    return MemberWay.all(file.configuration()).stream()
        .map(each ->
            "%s at %s from %s%s: %s"
                .formatted(
                    each.path(),
                    each.address(),
                    each.from(),
                    each.smtp() ? "" : " (connect)",
                    String.join(", ", each.who())))
        .toList();
  }

  /** The audit asks of these those that are restricted: it must know no other. */
  @Test
  void theyAreThoseOfTheLiveAuditAndOfWhoMaySendToAnybody() {
    assertThat(ways(AuditedFile.with(", ex2: 10.1.1.22:25", "")))
        .containsExactly(
            "hub/ex1 at 10.1.1.21:25 from automap: this machine",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.174: relay on MAIL, probes",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.175: internet on MAIL, probes",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.176: internet on MAIL, probes");
  }

  @Test
  void whatARuleMayChooseIsAWay() {
    assertThat(
            ways(
                AuditedFile.with(
                    ", ex2: 10.1.1.22:25",
                    "",
                    "monitors:\n",
                    "rules:\n  bulk: { at: mail, when: 'size > 1', then: { snat: 172.16.51.180 } }\nmonitors:\n",
                    "classes: [relay, internet]",
                    "classes: [relay, internet]\n    rules: [bulk]")))
        .contains(
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.180: relay by rule bulk on MAIL, internet by rule bulk on MAIL, probes");
  }

  @Test
  void aClassWithAPortOfItsOwnHasAWayThereAlone() {
    assertThat(
            ways(
                AuditedFile.with(
                    ", ex2: 10.1.1.22:25",
                    "",
                    "relay: ours, snat: outside",
                    "relay: ours, snat: 172.16.51.175, member-port: 2626")))
        .containsExactly(
            "hub/ex1 at 10.1.1.21:25 from automap: this machine",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.174: relay on MAIL, probes",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.175: probes",
            "hub/ex1 at 10.1.1.21:2626 from automap: this machine",
            "hub/ex1 at 10.1.1.21:2626 from 172.16.51.175: internet on MAIL");
  }

  /** As a message is sent: the addresses of the class are those of members of its own pool. */
  @Test
  void aMemberOfAPoolThatARuleChoosesIsReachedAtItsOwnAddress() {
    String[] bulk = {
      "monitors:\n",
      "rules:\n  bulk: { at: mail, when: 'size > 1', then: { pool: bulk } }\nmonitors:\n",
      "\npools:\n",
      "\npools:\n  bulk: { members: { ex1: 10.1.1.31:25 } }\n",
      "classes: [relay, internet]",
      "classes: [relay, internet]\n    rules: [bulk]",
      "relay: any, snat: 172.16.51.174",
      "relay: any, snat: 172.16.51.174, member-addresses: { ex1: 10.1.1.99:25 }",
    };
    assertThat(ways(AuditedFile.with(bulk)))
        .contains(
            "hub/ex1 at 10.1.1.99:25 from 172.16.51.174: relay on MAIL",
            "bulk/ex1 at 10.1.1.31:25 from 172.16.51.174: relay by rule bulk on MAIL")
        .noneMatch(each -> each.startsWith("bulk/ex1 at 10.1.1.99"));
  }

  @Test
  void aClientsOwnAddressIsNotOursToUse() {
    assertThat(
            ways(
                AuditedFile.with(
                    ", ex2: 10.1.1.22:25",
                    "",
                    "snat: outside",
                    "snat: none",
                    "monitors: deep\n",
                    "\n")))
        .containsExactly(
            "hub/ex1 at 10.1.1.21:25 from automap: this machine",
            "hub/ex1 at 10.1.1.21:25 from 172.16.51.174: relay on MAIL");
  }

  /** Mode tcp may carry anything, unless a monitor says that it is SMTP. */
  @Test
  void whatIsNotKnownToSpeakSmtpIsOnlyConnectedTo() {
    String[] tcp = {"pool: hub\n", "pool: hub\n    mode: tcp\n", ", ex2: 10.1.1.22:25", ""};

    assertThat(ways(AuditedFile.with(tcp))).noneMatch(each -> each.contains("(connect)"));
    assertThat(ways(AuditedFile.with(tcp[0], tcp[1], tcp[2], tcp[3], "monitors: deep\n", "\n")))
        .hasSize(4)
        .allMatch(each -> each.contains("(connect)"));
  }

  @Test
  void aPoolThatNoClientComesToHasTheKernelsChoice() {
    assertThat(
            ways(
                AuditedFile.with(
                    "\npools:\n", "\npools:\n  spare: { members: { ex9: mx9.contoso.com:25 } }\n")))
        .startsWith("spare/ex9 at mx9.contoso.com:25 from automap (connect): this machine");
  }
}
