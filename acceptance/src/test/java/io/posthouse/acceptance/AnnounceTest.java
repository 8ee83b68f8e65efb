package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thousand clients at once: every member logs each message as its own client's. */
@Isolated("a thousand clients at once")
@ExtendWith(LabExtension.class)
final class AnnounceTest {
  private static final int CLIENTS = 1000;

  /** With a PROXY header a connection is of one link; with XCLIENT of one client. */
  @ParameterizedTest
  @ValueSource(strings = {"proxy-v1", "proxy-v2", "xclient"})
  void postfixLogsEachMessageAsItsClients(String announce, Lab lab) {
    NetworkNamespace network = network(lab);
    Postfix postfix = lab.postfix("postfix", "smtpd_authorized_xclient_hosts = 127.0.0.1");
    boolean proxy = announce.startsWith("proxy");
    String member = proxy ? postfix.addressForProxies() : postfix.address();
    mail(lab, network, announce, member, CLIENTS, postfix::clients);
    long connections =
        postfix.log().stream().filter(line -> line.contains("]: connect from ")).count();
    System.out.println(announce + ": " + connections + " connections");
    // Three messages in two links: each link has one, and the next message uses it again.
    assertThat(connections).isLessThan(CLIENTS * MixedClients.LINKS * 5 / 4);
    if (proxy) {
      assertThat(connections).isGreaterThanOrEqualTo(CLIENTS * MixedClients.LINKS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy-v1", "proxy-v2"})
  void eximLogsEachMessageAsItsClients(String announce, Lab lab) {
    NetworkNamespace network = network(lab);
    Exim exim =
        lab.exim(
            "exim",
            Map.of(),
            // It is slow to end: what counts is not how many processes it has meanwhile.
            List.of("tls_advertise_hosts =", "hosts_proxy = 127.0.0.1", "smtp_accept_max = 0"),
            List.of());
    int clients = announce.equals("proxy-v1") ? CLIENTS / 10 : CLIENTS;
    mail(lab, network, announce, exim.address(), clients, exim::clients);
  }

  @ParameterizedTest
  @ValueSource(strings = "proxy-v2")
  void openSmtpdLogsEachMessageAsItsClients(String announce, Lab lab) {
    NetworkNamespace network = network(lab);
    OpenSmtpd openSmtpd = lab.openSmtpd("opensmtpd", announce);
    mail(lab, network, announce, openSmtpd.address(), CLIENTS, openSmtpd::clients);
  }

  private static NetworkNamespace network(Lab lab) {
    NetworkNamespace network = NetworkNamespace.of(lab);
    network.address("fd00::25");
    network.addresses("127.1.0.0/16", "fd00:c::/64");
    lab.in(network);
    return network;
  }

  private static void mail(
      Lab lab,
      NetworkNamespace network,
      String announce,
      String member,
      int count,
      Supplier<Map<String, String>> logged) {
    int port = Ports.free();
    lab.posthouse(
        new Config()
            .smtp("line-ends: reject")
            .listen("127.0.0.1:" + port)
            .listen("[fd00::25]:" + port)
            .pool("announce: " + announce + "\n    reuse: { idle-connections: 120 }")
            .member("mx1", member));
    MixedMail sent =
        MixedMail.send(network, "127.0.0.1", "fd00::25", port, "127.1", "fd00:c:", count);
    assertThat(sent.ids()).hasSizeGreaterThan(count);
    sent.requireKnown(logged);
  }
}
