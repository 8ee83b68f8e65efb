package io.posthouse.dsr;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of a check; that nft takes them, and what they do, is for DsrCheckTest. */
class CheckTableTest {
  private static final CheckRow FOUR = row(40001, "10.77.0.2", "10.77.0.21", "10.77.0.100");
  private static final CheckRow SIX = row(40002, "fd77::2", "fd77::21", "fd77::100");
  private final CheckTable table = CheckTable.of("/var/lib/posthouse");

  private static CheckRow row(int port, String own, String member, String vip) {
    return new CheckRow(
        port,
        InetAddress.ofLiteral(own),
        InetAddress.ofLiteral(member),
        InetAddress.ofLiteral(vip));
  }

  @Test
  void eachFamilyHasItsOwnElements() {
    assertThat(table.install("eth0", List.of(FOUR, SIX)))
        .contains("elements = { 10.77.0.2 . 40001 : 10.77.0.100 }")
        .contains("elements = { 10.77.0.2 . 40001 : 10.77.0.21 }")
        .contains("elements = { 10.77.0.100 . 10.77.0.2 . 40001 }")
        .contains("elements = { fd77::2 . 40002 : fd77::100 }")
        .contains("hook egress device \"eth0\"", "hook ingress device \"eth0\"");
    assertThat(table.install("eth0", List.of(FOUR))).doesNotContain("fd77", "40002");
  }

  /** What is left of a check that was killed must do nothing once its elements are gone. */
  @Test
  void everyRuleAsksAnElementThatHasAnEnd() {
    String text = table.install("eth0", List.of(FOUR, SIX));

    assertThat(text.lines().filter(line -> line.contains("elements = ")))
        .hasSize(8)
        .allMatch(line -> line.contains("flags timeout; timeout 2m;"));
    assertThat(text.lines().filter(line -> line.matches("    ip6? .*")))
        .hasSize(12)
        .allMatch(line -> line.matches(".*(@live[46] .*| map @(vip|member)[46])"));
  }

  /** Nothing else can be changed by it, and a second Posthouse has another. */
  @Test
  void onlyItsOwnTableIsNamed() {
    assertThat(table.name()).matches("posthouse_dsr_check_[0-9a-f]{8}");
    assertThat(CheckTable.of("/var/lib/other").name()).isNotEqualTo(table.name());
    assertThat(table.remove()).isEqualTo("delete table netdev " + table.name() + "\n");
    assertThat(table.install("eth0", List.of(FOUR)).lines().filter(line -> line.contains("table ")))
        .hasSize(3)
        .allMatch(line -> line.contains("table netdev " + table.name()));
    assertThat(table.list()).endsWith("list", "table", "netdev", table.name());
  }
}
