package io.posthouse.dsr;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.policy.Prefix;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ip says of the way to a client, in words. */
class ClientWayTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.77.0.10 | 10.77.0.10 dev eth0 src 10.77.0.2 uid 0 | in the network of eth0, as the servers are",
        "10.88.0.10 | 10.88.0.10 via 10.77.0.1 dev eth0 src 10.77.0.2 uid 0 | should name 10.77.0.1",
        "10.88.0.10 | 10.88.0.10 via inet6 fe80::1 dev eth0 src 10.77.0.2 | behind the router fe80::1",
        "10.99.0.10 | 10.99.0.10 dev eth1 src 10.99.0.2 uid 0 | in the network of eth1, not in",
        "10.77.0.100 | local 10.77.0.100 dev lo src 10.77.0.100 uid 0 | is this machine",
        "10.99.0.10 | '' | no route"
      })
  void whereTheClientIs(String client, String route, String words) {
    assertThat(
            ClientWay.of(
                InetAddress.ofLiteral(client),
                "eth0",
                List.of(new Prefix(InetAddress.ofLiteral("10.77.0.2"), 24)),
                route))
        .contains(words);
  }
}
