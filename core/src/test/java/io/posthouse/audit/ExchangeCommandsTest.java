package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The receive connectors of a file that has nothing to find. */
class ExchangeCommandsTest {
  private static List<String> connectors(AuditedFile file) {
    return ExchangeCommands.of(file.configuration(), KernelChoice.UNKNOWN).stream()
        .map(String::strip)
        .filter(line -> line.startsWith("foreach") || line.contains("Posthouse "))
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst(" -PermissionGroups.*", ""))
        .toList();
  }

  @Test
  void eachClassHasItsConnectorAndTheTrustedOneItsRight() {
    String create = "New-ReceiveConnector -Name \"Posthouse %s\" -Server $server -TransportRole ";
    String rest = "FrontendTransport -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges ";

    assertThat(connectors(AuditedFile.of(AuditedFile.CLEAN)))
        .containsExactly(
            "foreach ($server in \"ex1\", \"ex2\") {",
            create.formatted("relay") + rest + "172.16.51.174",
            "Get-ReceiveConnector \"$server\\Posthouse relay\" | Add-ADPermission -User \"NT"
                + " AUTHORITY\\ANONYMOUS LOGON\" -ExtendedRights Ms-Exch-SMTP-Accept-Any-Recipient",
            create.formatted("internet") + rest + "172.16.51.175, 172.16.51.176");
  }

  /** Exchange refuses two of the same addresses and port. */
  @Test
  void classesOfOneRightAndAddressShareAConnector() {
    AuditedFile file =
        AuditedFile.with(
            "  internet:",
            "  partners: { from: devices, relay: none, snat: outside }\n  internet:",
            "[relay, internet]",
            "[relay, partners, internet]");

    assertThat(connectors(file))
        .filteredOn(line -> line.contains("172.16.51.175"))
        .singleElement()
        .asString()
        .contains("\"Posthouse partners and internet\"");
  }

  @Test
  void serversOfOtherPoolsAreToldTheirOwn() {
    AuditedFile file =
        AuditedFile.with(
            "snat: outside", "snat: outside, pool: edge",
            "\npools:\n",
                "\npools:\n  edge: { monitors: deep, members: { ed1: 10.1.1.31:2525 } }\n");

    assertThat(connectors(file))
        .containsSubsequence("foreach ($server in \"ed1\") {")
        .anyMatch(line -> line.contains("-Bindings 0.0.0.0:2525 "));
  }

  @Test
  void membersWithOtherPortsHaveConnectorsThere() {
    assertThat(connectors(AuditedFile.with("ex2: 10.1.1.22:25", "ex2: 10.1.1.22:2626")))
        .filteredOn(line -> line.startsWith("foreach") || line.contains("\"Posthouse relay\" -S"))
        .map(line -> line.replaceFirst(".* -Bindings ([^ ]*) .*", "$1"))
        .containsExactly(
            "foreach ($server in \"ex1\") {",
            "0.0.0.0:25",
            "foreach ($server in \"ex2\") {",
            "0.0.0.0:2626");
  }

  /** Names may have 64 characters; those of classes may have as many, and there may be several. */
  @Test
  void aLongNameIsCutAndStaysTheSameAndItsOwn() {
    String one = "p".repeat(63) + "1";
    String other = "p".repeat(63) + "2";
    AuditedFile file =
        AuditedFile.with(
            "  internet:",
            "  %s: { from: devices, relay: none, snat: 172.16.51.178 }\n  %s: { from: devices, relay: none, snat: 172.16.51.179 }\n  internet:"
                .formatted(one, other),
            "[relay, internet]",
            "[relay, %s, %s, internet]".formatted(one, other));

    List<String> names =
        connectors(file).stream()
            .filter(line -> line.startsWith("New-ReceiveConnector"))
            .map(line -> line.replaceFirst(".*-Name \"([^\"]*)\".*", "$1"))
            .toList();

    assertThat(names).hasSize(4).doesNotHaveDuplicates().contains("Posthouse internet");
    assertThat(names)
        .filteredOn(name -> name.contains("ppp"))
        .allMatch(name -> name.length() == 64)
        .contains("Posthouse " + "p".repeat(45) + " a575b64b");
  }

  @Test
  void ipv6HasItsBinding() {
    AuditedFile file =
        AuditedFile.with(
            "172.16.51.176]",
            "\"2001:db8::176\"]",
            "ex2: 10.1.1.22:25",
            "ex2: \"[2001:db8::22]:25\"",
            "snat: 172.16.51.174",
            "snat: in",
            "snat-pools:",
            "snat-pools:\n  in: [172.16.51.174, \"2001:db8::174\"]");

    assertThat(connectors(file))
        .anyMatch(line ->
            line.contains(
                "-Bindings 0.0.0.0:25, [::]:25 -RemoteIPRanges 172.16.51.175, 2001:db8::176"));
  }

  @Test
  void whoeverIsSeenNeedsNone() {
    AuditedFile file =
        AuditedFile.with("monitors: deep\n", "monitors: deep\n    announce: xclient\n");

    assertThat(connectors(file)).isEmpty();
  }
}
