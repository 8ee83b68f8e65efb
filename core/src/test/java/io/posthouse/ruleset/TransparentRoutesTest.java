package io.posthouse.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the lists of {@code ip} say. */
class TransparentRoutesTest {
  private static final String OWN = "2525:\tfrom all fwmark 0x1000/0x1000 lookup 2525 proto 213\n";

  private static final String USUAL =
      """
      0:	from all lookup 255
      32766:	from all lookup 254
      32767:	from all lookup 253
      """;

  @Test
  void nothingIsThereOnAFreshMachine() {
    TransparentRoutes routes = TransparentRoutes.of(USUAL, "");

    assertThat(routes.complete()).isFalse();
    assertThat(routes.foreign()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2 default dev lo proto 213 scope 254 ",
    "2 default dev lo proto 213 metric 1024 pref medium",
    "local default dev lo proto 213 scope host"
  })
  void oursIsKnown(String route) {
    TransparentRoutes routes = TransparentRoutes.of(USUAL + OWN, route);

    assertThat(routes.complete()).isTrue();
    assertThat(routes.foreign()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2525: from 10.0.0.0/8 lookup 77",
    "32764: not from all fwmark 0xca6c lookup 51820",
    "100: from all fwmark 0x4000/0x4000 lookup 100",
    "101: from all fwmark 0x80000/0xff0000 lookup 52",
    "102: not from all fwmark 0x1000/0x1000 lookup 9",
    "103: from all lookup 25250"
  })
  void aRuleOfOthersThatIsNotInTheWayIsLeft(String rule) {
    assertThat(TransparentRoutes.of(USUAL + rule, "").foreign()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2525: from 10.0.0.0/8 lookup 2525",
    "99: from all fwmark 0x1000/0x1000 lookup 100",
    "99: from all fwmark 0x5000 lookup 100",
    "99: from all fwmark 0xff00/0xff00 lookup 100",
    "2525: from all fwmark 0x1000/0x1000 lookup 2525",
    "2525: from all fwmark 0x1000/0x1000 lookup 2525 proto 4",
    "2525: from all iif eth0 fwmark 0x1000/0x1000 lookup 2525 proto 213"
  })
  void aRuleOfOthersWithOurTableOrMarkIsInTheWay(String rule) {
    TransparentRoutes routes = TransparentRoutes.of(USUAL + rule, "");

    assertThat(routes.rule()).isFalse();
    assertThat(routes.foreign()).contains("rule " + rule);
  }

  @ParameterizedTest
  @CsvSource({
    "1 default via 10.0.0.1 dev eth0 proto 4",
    "2 default dev lo scope 254",
    "2 10.0.0.0/8 dev lo proto 213 scope 254"
  })
  void aRouteOfOthersInOurTableIsInTheWay(String route) {
    TransparentRoutes routes = TransparentRoutes.of(USUAL, route);

    assertThat(routes.route()).isFalse();
    assertThat(routes.foreign()).contains("route " + route + " table 2525");
  }
}
