package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile.Ports;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mode dsr refuses, where, and why. */
class DsrChecksTest {
  private static final String GOOD =
      """
      version: 1
      data-groups: { ours: [10.77.0.0/24] }
      monitors: { alive: { type: tcp } }
      pools:
        hub:
          monitors: [alive]
          balance: round-robin
          members:
            ex1: { address: 10.77.0.21:25, weight: 2 }
            ex2: 10.77.0.22:25
      client-classes:
        inside: { from: [ours], relay: server }
      virtual-servers:
        VS:
          listen: [10.77.0.100:25]
          mode: dsr
          pool: hub
          classes: [inside]
      """;

  @Test
  void theSmallestFileHasNothingToComplainOf() {
    assertThat(problems(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mode: dsr | mode: dsr\\n    tls: { starttls: optional, certificate: a.pem, key: a.key } | 17:5 | TLS passes through
          mode: dsr | mode: dsr\\n    smtp: {} | 17:5 | does not speak SMTP
          mode: dsr | mode: dsr\\n    believe: {} | 17:5 | PROXY protocol cannot be read
          mode: dsr | mode: dsr\\n    rules: [] | 17:5 | write mode: smtp or tcp
          mode: dsr | mode: dsr\\n    persistence: { by: source-address } | 17:5 | write balance: source-hash
          mode: dsr | mode: dsr\\n    max-connections: 5 | 17:5 | cannot count what is open
          mode: dsr | mode: dsr\\n    log: links | 17:5 | no end of a link to log
          mode: dsr | mode: dsr\\n    when-down: close | 17:16 | speaks no word to clients
          mode: dsr | mode: dsr\\n    dsr: { device: "a b" } | 17:20 | no name of a network device
          mode: dsr | mode: dsr\\n    dsr: { device: eth8 } | 17:20 | this machine has no device eth8
          mode: dsr | mode: dsr\\n    dsr: { device: eth7 } | ok | -
          [10.77.0.100:25] | "*:25" | 15:13 | the one address that clients and servers share
          [10.77.0.100:25] | 127.0.0.1:25 | 15:13 | the one address that clients and servers share
          [10.77.0.100:25] | 10.99.0.100:25 | 15:13 | is in no network of this machine
          [10.77.0.100:25] | 10.77.0.100:587 | 9:23 | cannot change the port 587 of its address; write 10.77.0.21:587
          [10.77.0.100:25] | "[fd77::100]:25" | 9:23 | reaches members by IPv6 alone
          10.77.0.22:25 | 10.78.0.22:25 | 10:12 | 10.78.0.22 is in no network of eth7, and no router may be between
          [10.77.0.100:25] | [10.77.0.100:25, 10.77.0.100:587] | 9:23 | make a virtual server and a pool for each port
          classes: [inside] | classes: [inside]\\n  OTHER: { mode: tcp, pool: hub, listen: "10.77.0.100:587", classes: [inside] } | 15:14 | write dsr: { add-address: false }
          round-robin | least-connections | 7:14 | cannot count what members have open
          round-robin | source-hash | ok | -
          monitors: [alive] | announce: proxy-v1 | 6:15 | members see the client's address
          monitors: [alive] | monitors: [] | 6:5 | never hears of a dead member
          monitors: [alive] | monitors: [alive]\\n    tls: required | 7:10 | passes TLS through
          weight: 2 | max-connections: 5 | 9:38 | bound it on the server
          relay: server | relay: server, snat: 10.77.0.2 | 12:48 | always shows members the client's own address
          relay: server | relay: server, snat: none | ok | -
          relay: server | relay: none | 12:34 | there the members decide
          relay: server | relay: server, member-port: 26 | 12:42 | can only let a class in or refuse it
          relay: server | relay: server, limits: { connections: 5 } | 12:42 | can only let a class in or refuse it
          relay: server | relay: server, pool: other | 12:48 | has one pool, hub
          """)
  void eachKeyThatItCannotHonourIsRefusedWhereItStands(
      String written, String instead, String place, String says) {
    String text = GOOD.replace(written, instead.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(GOOD);
    List<String> problems = problems(text);
    if (place.equals("ok")) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .anyMatch(line -> line.contains(":" + place + ":") && line.contains(says));
    }
  }

  private static List<String> problems(String text) {
    return ConfigFile.read("t.yaml", text, Ports.FIXED, new Machine()).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  /** One in 10.77.0.0/24 and fd77::/64, with the device eth7. */
  private record Machine() implements ThisMachine {
    @Override
    public boolean owns(InetAddress address) {
      return true;
    }

    @Override
    public boolean bindsOthers(boolean ipv6) {
      return false;
    }

    @Override
    public Optional<String> interfaceTowards(InetAddress address) {
      return Optional.of("eth7");
    }

    @Override
    public Optional<String> interfaceBeside(InetAddress address) {
      String text = address.getHostAddress();
      return text.startsWith("10.77.0.") || text.startsWith("fd77:")
          ? Optional.of("eth7")
          : Optional.empty();
    }

    @Override
    public boolean isBeside(String device, InetAddress address) {
      return device.equals("eth7") && interfaceBeside(address).isPresent();
    }

    @Override
    public boolean hasInterface(String name) {
      return name.equals("eth7");
    }
  }
}
