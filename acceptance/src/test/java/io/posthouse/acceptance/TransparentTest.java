package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thousand clients at once, whose own addresses a member sees: clients, Posthouse and the member
 * in networks of their own, and the member's way to everybody leads past Posthouse.
 */
@Isolated("a thousand clients at once")
@ExtendWith(LabExtension.class)
final class TransparentTest {
  private Lab lab;
  private NetworkNamespace clients;
  private Postfix postfix;

  @BeforeEach
  void begin(Lab given) {
    lab = given;
    clients = NetworkNamespace.of(lab);
    NetworkNamespace balancer = NetworkNamespace.of(lab);
    NetworkNamespace members = NetworkNamespace.of(lab);
    clients.linkTo(balancer, 1);
    balancer.linkTo(members, 2);
    clients.addresses("10.88.0.0/16", "fd00:88::/64");
    balancer.ip("route add 10.88.0.0/16 via 10.1.0.1");
    balancer.ip("-6 route add fd00:88::/64 via fd00:1::1");
    members.ip("route add default via 10.2.0.1");
    members.ip("-6 route add default via fd00:2::1");
    postfix = lab.in(members).postfix("postfix");
    lab.in(balancer);
  }

  /** Each family has members of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"smtp", "tcp"})
  void aMemberSeesEachClientsOwnAddress(String mode) {
    int port = Ports.free();
    lab.posthouse(
        new Config()
            .mode(mode)
            .listen("10.1.0.2:" + port)
            .listen("[fd00:1::2]:" + port)
            .member("mx1", "10.2.0.2:" + postfix.port())
            .member("mx2", "\"[fd00:2::2]:%d\"".formatted(postfix.port()))
            .clientClass("all", "from: any, relay: server, snat: none"));
    MixedMail sent =
        MixedMail.send(clients, "10.1.0.2", "fd00:1::2", port, "10.88", "fd00:88:", 1000);
    assertThat(sent.ids()).hasSizeGreaterThan(1000);
    sent.requireKnown(postfix::clients);
  }
}
