package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Classes of different rights that members cannot tell apart. */
class SourceFindingsTest {
  private static final String INTERNET = "relay: ours, snat: outside";

  @Test
  void aRestrictedClassThatComesFromTheAddressOfTheTrustedOneIsFound() {
    Finding finding = AuditedFile.with("snat: 172.16.51.174", "snat: 172.16.51.175").finding();

    assertThat(finding.kind() + " " + finding.severity() + " " + finding.subject())
        .isEqualTo("SHARED_SOURCE MEDIUM internet with relay");
    assertThat(finding.key()).isEqualTo("client-classes.internet.snat");
    assertThat(finding.problem()).contains("172.16.51.175");
    assertThat(finding.harm()).contains("distribution groups");
    assertThat(finding.remedy()).contains("internet", "snat");
  }

  @Test
  void automapIsOneAddressForAll() {
    AuditedFile file =
        AuditedFile.with(
            "snat: 172.16.51.174", "snat: automap",
            "snat: outside", "snat: automap",
            "  outside: [172.16.51.175", "  other: [172.16.51.175");

    assertThat(file.found()).containsExactly("MEDIUM SHARED_SOURCE internet with relay");
  }

  @Test
  void theKernelsChoiceIsTheAddressThatItIs() {
    AuditedFile file = AuditedFile.with("snat: outside", "snat: automap");
    InetAddress ours = IpAddress.parse("172.16.51.174").orElseThrow();
    InetAddress other = IpAddress.parse("172.16.51.9").orElseThrow();

    assertThat(file.found()).isEmpty();
    assertThat(file.audit(member -> other).findings()).isEmpty();
    assertThat(file.audit(member -> ours).findings())
        .extracting(Finding::subject)
        .containsExactly("internet with relay");
  }

  /** What the members alone decide is not held by our guard. */
  @ParameterizedTest
  @CsvSource({"smtp, server", "tcp, server", "tcp, none"})
  void whereMembersDecideASharedAddressIsAnOpenRelay(String mode, String relay) {
    AuditedFile file =
        AuditedFile.with(
            "from: any, " + INTERNET,
            "from: devices, snat: 172.16.51.174, relay: " + relay,
            "  ours: { type: domain, values: [contoso.com] }\n",
            "",
            "pool: hub\n",
            "pool: hub\n    mode: " + mode + "\n");

    assertThat(file.found()).contains("HIGH SHARED_SOURCE internet with relay");
  }

  @Test
  void theAddressMattersOnlyToAMemberThatBothReach() {
    AuditedFile apart =
        AuditedFile.with(
            "snat: outside", "snat: 172.16.51.174, pool: edge",
            "\npools:\n", "\npools:\n  edge: { monitors: deep, members: { ed1: 10.1.1.31:25 } }\n");
    AuditedFile byPort =
        AuditedFile.with("snat: outside", "snat: 172.16.51.174, member-port: 2525");
    AuditedFile byAddress =
        AuditedFile.with(
            "snat: outside",
            "snat: 172.16.51.174, member-addresses: { ex1: 10.1.1.121:25, ex2: 10.1.1.122:25 }");
    AuditedFile one =
        AuditedFile.with(
            "snat: outside", "snat: 172.16.51.174, member-addresses: { ex1: 10.1.1.121:25 }");

    assertThat(apart.found()).isEmpty();
    assertThat(byPort.found()).isEmpty();
    assertThat(byAddress.found()).isEmpty();
    assertThat(one.found()).containsExactly("MEDIUM SHARED_SOURCE internet with relay");
  }

  @Test
  void anAddressOfTheOtherFamilyIsNotSeenByAMember() {
    assertThat(
            AuditedFile.with(
                    "172.16.51.176]",
                    "\"2001:db8::174\"]",
                    "snat: 172.16.51.174",
                    "snat: inside",
                    "snat-pools:",
                    "snat-pools:\n  inside: [172.16.51.174, \"2001:db8::174\"]")
                .found())
        .isEmpty();
  }

  @Test
  void membersThatAreToldTheClientCanTellThemApart() {
    AuditedFile told =
        AuditedFile.with(
            "snat: outside",
            "snat: 172.16.51.174",
            "monitors: deep",
            "monitors: deep\n    announce: proxy-v2");

    assertThat(told.found()).isEmpty();
  }

  @Test
  void classesOfTheSameRightMayShare() {
    assertThat(
            AuditedFile.with(
                    "  internet:",
                    "  partners: { from: devices, relay: none, snat: outside }\n  internet:",
                    "[relay, internet]",
                    "[relay, partners, internet]")
                .found())
        .isEmpty();
  }

  @Test
  void whatMembersAllowOneClassTheyAllowTheOther() {
    assertThat(
            AuditedFile.with(
                    "relay: any, snat: 172.16.51.174", "relay: server, snat: 172.16.51.175")
                .found())
        .containsExactly("LOW SHARED_SOURCE internet with relay");
  }

  @Test
  void anotherVirtualServerIsNoOtherAddress() {
    AuditedFile file =
        AuditedFile.with(
            "snat: outside",
            "snat: 172.16.51.174",
            "[relay, internet]",
            "[relay]\n  OUT: { listen: 172.16.51.175:25, pool: hub, classes: internet }");

    assertThat(file.found()).containsExactly("MEDIUM SHARED_SOURCE internet with relay");
  }

  @Test
  void aVirtualServerWithoutClassesSharesTheKernelsChoice() {
    AuditedFile file =
        AuditedFile.with(
            "snat: 172.16.51.174",
            "snat: automap",
            "virtual-servers:\n",
            "virtual-servers:\n  OLD: { listen: 172.16.51.175:25, pool: hub }\n");

    assertThat(file.found())
        .contains("HIGH SHARED_SOURCE everybody on OLD with relay", "MEDIUM NO_LIST OLD");
  }

  @Test
  void exchangeIsToldTheRealAddressesAndMembers() {
    Finding finding = AuditedFile.with("snat: 172.16.51.174", "snat: 172.16.51.175").finding();

    assertThat(finding.commands())
        .contains("foreach ($server in \"ex1\", \"ex2\") {")
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("  New-ReceiveConnector -Name \"Posthouse relay\" -Server $server")
                .contains("-Bindings 0.0.0.0:25 -RemoteIPRanges 172.16.51.175 -Perm")
                .contains("-PermissionGroups AnonymousUsers", "-ProtocolLoggingLevel Verbose")
                .contains("-MaxInboundConnectionPerSource unlimited"))
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("  New-ReceiveConnector -Name \"Posthouse internet\"")
                .contains("-RemoteIPRanges 172.16.51.176 -Perm"))
        .anySatisfy(line ->
            assertThat(line)
                .contains("\"$server\\Posthouse relay\"", "Ms-Exch-SMTP-Accept-Any-Recipient"))
        .anySatisfy(line ->
            assertThat(line).startsWith("Set-ReceiveConnector").contains("-AuthMechanism Tls"))
        .noneSatisfy(line -> assertThat(line).contains("Posthouse internet\" | Add-ADPermission"));
  }

  @Test
  void anAddressThatNobodyKnowsIsNotInvented() {
    Finding finding =
        AuditedFile.with(
                "snat: 172.16.51.174", "snat: automap",
                "snat: outside", "snat: automap",
                "  outside: [172.16.51.175", "  other: [172.16.51.175")
            .finding();

    assertThat(String.join("\n", finding.commands()))
        .contains("-RemoteIPRanges ADDRESS-OF-relay ", "-RemoteIPRanges ADDRESS-OF-internet ");
  }
}
