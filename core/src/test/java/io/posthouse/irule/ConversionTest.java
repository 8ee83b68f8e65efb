package io.posthouse.irule;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration that does what a rule does, and when there is none. */
class ConversionTest {
  /** The configuration beside pools and a virtual server with what its comments ask for. */
  private static Configuration whole(String yaml) {
    String classes = comment(yaml, "classes: (\\[.*])");
    String rules =
        yaml.contains("#   rules:") ? ", rules: " + comment(yaml, "rules: (\\[.*])") : "";
    String text =
        """
        version: 1
        pools:
          smtp_pool: { members: { ex1: 10.1.1.21:25 } }
          other_pool: { members: { ex2: 10.1.1.22:25 } }
        virtual-servers:
          MAIL: { listen: 172.16.51.174:25, pool: smtp_pool, classes: %s%s }
          OTHER: { listen: 172.16.51.174:26, pool: other_pool }
        """
                .formatted(classes, rules)
            + yaml;
    if (ConfigFile.read("t.yaml", text) instanceof ConfigFile.Read read) {
      return read.configuration();
    }
    throw new AssertionError(ConfigFile.read("t.yaml", text).problems() + "\n" + text);
  }

  private static String comment(String yaml, String pattern) {
    var found = Pattern.compile("#   " + pattern).matcher(yaml);
    assertThat(found.find()).as(yaml).isTrue();
    return found.group(1);
  }

  /** Each class in order: its lists, relay right, source address and pool. */
  private static List<String> classes(String rule) {
    Configuration configuration = whole(Rules.yaml(rule));
    return classNames(configuration).stream()
        .map(name -> said(get(configuration.clientClasses(), name)))
        .toList();
  }

  private static List<String> classNames(Configuration configuration) {
    return Objects.requireNonNull(get(configuration.virtualServers(), "MAIL").classes());
  }

  private static <T> T get(Map<String, T> named, String name) {
    return Objects.requireNonNull(named.get(name));
  }

  private static String said(ClientClass one) {
    return one.name()
        + " "
        + one.from()
        + " "
        + one.relay()
        + " "
        + one.snat()
        + (one.pool() == null ? "" : " " + one.pool());
  }

  @Test
  void theRuleOfTheFieldNotesInBothVersions() {
    List<String> same =
        List.of(
            "smtp_relay_allowed [smtp_relay_allowed] server 172.16.51.174",
            "everybody-else [any] server automap");
    for (String rule :
        List.of(
            Rules.VERSION_10,
            Rules.VERSION_11,
            Rules.conf10(Rules.VERSION_10),
            Rules.conf11(Rules.VERSION_11))) {
      assertThat(classes(rule)).isEqualTo(same);
    }
  }

  @Test
  void listsBringTheirEntriesWhereTheFileHasThem() {
    assertThat(
            get(
                    whole(Rules.yaml(Rules.conf11(Rules.VERSION_11))).dataGroups(),
                    "smtp_relay_allowed")
                .values())
        .containsExactly("10.20.0.0/16", "172.16.51.21", "2001:db8:20::/48");
    assertThat(
            get(
                    whole(Rules.yaml(Rules.conf10(Rules.VERSION_10))).dataGroups(),
                    "smtp_relay_allowed")
                .values())
        .containsExactly("172.16.51.21", "10.20.0.0/16", "192.168.7.0/24");
    assertThat(get(whole(Rules.yaml(Rules.VERSION_11)).dataGroups(), "smtp_relay_allowed").file())
        .as("nobody starts with an empty list unseen")
        .isEqualTo("smtp_relay_allowed.txt");
    assertThat(
            get(
                    whole(
                            Rules.yaml(
                                Rules.conf11(
                                    Rules.VERSION_11.replace("smtp_relay_allowed", "partners"))))
                        .dataGroups(),
                    "partners")
                .file())
        .isEqualTo("partners.txt");
  }

  @Test
  void theRiskOfAnOpenRelayIsNamed() {
    assertThat(Rules.yaml(Rules.VERSION_11)).contains("OPEN RELAY", "narrow it");
  }

  @Test
  void everyWayOfSayingItComesToTheSame() {
    String nested =
        Rules.accepted(
            """
            if { [class exists smtp_relay_allowed] } {
              if { [class match [IP::client_addr] equals /Common/smtp_relay_allowed] == 1 } { snat 172.16.51.174
              } else { snat automap }
            }
            """);
    String turned =
        Rules.accepted(
            """
            set inside 172.16.51.174
            if { not [class match [IP::client_addr] equals smtp_relay_allowed] } { snat automap; return }
            log local0. "relay for [IP::client_addr]"
            snat $inside
            """);
    String late =
        Rules.accepted(
            """
            snat automap
            if { ([class match [IP::client_addr] equals smtp_relay_allowed]) } then { snat 172.16.51.174 }
            """);
    for (String rule : List.of(nested, turned, late)) {
      assertThat(classes(rule)).isEqualTo(classes(Rules.VERSION_11));
    }
  }

  @Test
  void chainsKeepTheirOrder() {
    String rule =
        Rules.accepted(
            """
            if { [class match [IP::client_addr] equals smtp_relay_allowed] || [IP::addr [IP::client_addr] equals 192.168.7.0/24] } {
              snatpool outside
            } elseif { [class match [IP::client_addr] equals partners] } {
              snat automap
              pool other_pool
            } elseif { [IP::client_addr] equals "192.0.2.7" } {
              snat none
            } else { reject }
            """);

    assertThat(classes(rule.replace("pool other_pool", "pool smtp_pool").transform(Rules::conf11)))
        .containsExactly(
            "smtp_relay_allowed [smtp_relay_allowed, addresses] server outside",
            "partners [partners] server automap smtp_pool",
            "addresses-2 [addresses-2] server none");
    assertThat(
            get(
                    whole(Rules.yaml(Rules.conf11(rule.replace("other_pool", "smtp_pool"))))
                        .snatPools(),
                    "outside")
                .addresses())
        .containsExactly("172.16.51.175", "172.16.51.176");
  }

  @Test
  void whoIsRefusedInTheMiddleIsRefusedByARuleAndNobodyElseIs() {
    String rule =
        Rules.accepted(
            """
            if { [class match [IP::client_addr] equals smtp_relay_allowed] } { snat 172.16.51.174
            } elseif { [class match [IP::client_addr] equals partners] } { drop
            } else { snat automap }
            """);

    Configuration configuration = whole(Rules.yaml(rule));
    assertThat(get(configuration.virtualServers(), "MAIL").rules()).containsExactly("refused-1");
    assertThat(get(configuration.rules(), "refused-1").when())
        .isEqualTo("(client.inGroup(\"partners\")) && !(client.class in [\"smtp_relay_allowed\"])");
    assertThat(classes(rule)).hasSize(2);
  }

  @Test
  void aSwitchOverAddressesIsAChain() {
    String rule =
        Rules.accepted(
            """
            switch [IP::client_addr] {
              "192.0.2.1" -
              "192.0.2.2" { snat 172.16.51.174 }
              "192.0.2.3" { reject }
              default { snat automap }
            }
            """);

    Configuration configuration = whole(Rules.yaml(rule));
    assertThat(classes(rule))
        .containsExactly(
            "addresses [addresses] server 172.16.51.174", "everybody-else [any] server automap");
    assertThat(get(configuration.dataGroups(), "addresses").values())
        .containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
    assertThat(configuration.rules()).hasSize(1);
  }

  @Test
  void aSilentRuleLeavesTheSourceToItsVirtualServer() {
    String rule =
        Rules.accepted(
            "if { [class match [IP::client_addr] equals smtp_relay_allowed] } { snat 172.16.51.174 }");

    assertThat(classes(Rules.conf11(rule))).last().isEqualTo("everybody-else [any] server automap");
    assertThat(classes(Rules.conf10(rule))).last().isEqualTo("everybody-else [any] server automap");
    assertThat(classes(Rules.conf10(rule).replace("snat automap\n   pool", "pool")))
        .last()
        .isEqualTo("everybody-else [any] server none");
    assertThat(Rules.why(rule)).startsWith("2:1: the rule does not say the source address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if { [class match [IP::client_addr] equals a] && [class match [IP::client_addr] equals b] } { snat automap } else { reject }",
        "if { [class match [IP::client_addr] equals a] || ![class match [IP::client_addr] equals b] } { snat automap } else { reject }",
        "if { [class match [IP::client_addr] equals a] } { if { [class match [IP::client_addr] equals b] } { reject } ; snat automap } else { reject }",
        "if { [class match [IP::client_addr] equals a] } { reject }\nif { [class match [IP::client_addr] equals b] } { snat 10.1.1.1 }\nif { [class match [IP::client_addr] equals c] } { reject }\nsnat automap",
        "if { ![class match [IP::client_addr] equals a] == 0 } { snat automap } else { reject }",
        "if { [class match -value [IP::client_addr] equals a] } { snat automap } else { reject }",
        "if { [class match [IP::client_addr] contains a] } { snat automap } else { reject }",
        "if { [class match [IP::local_addr] equals a] } { snat automap } else { reject }",
        "if { [class match [IP::client_addr] equals $x] } { snat automap } else { reject }",
        "if { [matchclass [IP::client_addr] equals $::a] == 1 } { snat automap } else { reject }",
        "if { [class exists a] } { snat automap } else { reject }",
        "if { $x } { snat automap } else { reject }",
        "if { [TCP::local_port] == 25 } { snat automap } else { reject }",
        "if { [class match [IP::client_addr] equals any] } { snat automap } else { reject }",
        "if { [class match [IP::client_addr] equals \"a b\"] } { snat automap } else { reject }",
        "if { [class match [IP::client_addr] equals /A/a] || [class match [IP::client_addr] equals /B/a] } { snat automap } else { reject }",
        "switch -glob [IP::client_addr] { 10.* { snat automap } default { reject } }",
        "switch [IP::client_addr] { 10.0.0.0/8 { snat automap } default { reject } }",
        "snat $x",
        "set x automap\nset $y none\nsnat $x",
        "if { [IP::addr [IP::client_addr] equals 10.1.2.3/8] } { snat automap } else { reject }",
        "if { [IP::addr [IP::client_addr] equals ::ffff:10.0.0.0/104] } { snat automap } else { reject }",
        "snat outside",
        "snat automap 25",
        "snatpool none",
        "snat automap\nevent disable all",
        "snat automap\nTCP::collect",
        "snat automap\nlog local0. [TCP::respond 554]",
        "snat automap\ncatch { reject }",
        "reject",
        "$x",
      })
  void whatIsNotUnderstoodIsNoConfiguration(String body) {
    assertThat(Rules.why(Rules.accepted(body))).matches("(?s)[1-6]:[0-9]+: .+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "when CLIENT_DATA { reject }",
        "when CLIENT_ACCEPTED priority 600 { reject }",
        "when SERVER_CONNECTED { log local0. [TCP::respond x] }",
        "snat none",
      })
  void anotherEventThatDoesSomethingIsInTheWay(String more) {
    assertThat(Rules.why(Rules.VERSION_11 + more)).isNotEmpty();
  }

  @Test
  void eventsThatDoNothingAreNot() {
    String more =
        "when RULE_INIT { set static::debug 1 }\nwhen HTTP_REQUEST { reject }\nwhen CLIENT_CLOSED { log local0. bye }";

    assertThat(classes(Rules.VERSION_11 + more)).isEqualTo(classes(Rules.VERSION_11));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "words"})
  void listsThatAreMissingOrOfTextAreInTheWay(String list) {
    assertThat(Rules.why(Rules.conf11(Rules.VERSION_11.replace("smtp_relay_allowed", list))))
        .contains("list");
  }

  @Test
  void halfAListIsNone() {
    String routed = Rules.conf11(Rules.VERSION_11).replace("10.20.0.0/16", "10.20.0.0%2/16");

    assertThat(Rules.why(routed)).contains("route domain");
  }
}
