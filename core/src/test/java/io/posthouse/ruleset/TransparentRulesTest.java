package io.posthouse.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The text for {@code nft}, and its lists. */
class TransparentRulesTest {
  private static final String LISTING =
      """
      table inet posthouse_transparent {
      	chain instance_0a1b2c3d {
      		type filter hook prerouting priority mangle; policy accept;
      		meta l4proto tcp socket transparent 1 socket wildcard 0 meta mark set meta mark | 0x00001000 counter packets 0 bytes 0
      	}

      	chain instance_ffffffff {
      		type filter hook prerouting priority mangle; policy accept;
      	}
      }
      """;

  @Test
  void aChainIsMadeAnewInOneTransaction() {
    assertThat(TransparentRules.install("instance_1"))
        .isEqualTo(
            """
            add table inet posthouse_transparent
            add chain inet posthouse_transparent instance_1 { type filter hook prerouting priority mangle; policy accept; }
            flush chain inet posthouse_transparent instance_1
            add rule inet posthouse_transparent instance_1 meta l4proto tcp socket transparent 1 socket wildcard 0 meta mark set meta mark | 0x1000 counter
            """);
  }

  @Test
  void aPosthouseHasTheSameChainAfterARestartAndAnotherOneNot() {
    String chain = TransparentRules.chain("/var/lib/posthouse");

    assertThat(chain)
        .isEqualTo(TransparentRules.chain("/var/lib/posthouse"))
        .isNotEqualTo(TransparentRules.chain("/var/lib/posthouse2"))
        .matches("instance_[0-9a-f]{8}");
  }

  @Test
  void theChainsOfAllAreRead() {
    assertThat(TransparentRules.chains(LISTING))
        .containsExactly("instance_0a1b2c3d", "instance_ffffffff");
    assertThat(TransparentRules.chains("")).isEmpty();
  }

  @Test
  void aChainWithoutItsRuleIsNotWhole() {
    assertThat(TransparentRules.isWhole(LISTING, "instance_0a1b2c3d")).isTrue();
    assertThat(TransparentRules.isWhole(LISTING, "instance_ffffffff")).isFalse();
    assertThat(TransparentRules.isWhole(LISTING, "instance_1")).isFalse();
  }

  @Test
  void aRuleIsDeletedByAllThatItWasAddedBy() {
    assertThat(String.join(" ", TransparentRules.rule("del")))
        .isEqualTo("rule del priority 2525 fwmark 0x1000/0x1000 lookup 2525 protocol 213");
    assertThat(String.join(" ", TransparentRules.route("del")))
        .isEqualTo("route del local default dev lo table 2525 proto 213");
  }
}
