package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand clients at once: every member logs each message as its own client's. */
@ExtendWith(LabExtension.class)
final class AnnounceTest {
  private static final String CLIENTS = "1000";

  private Lab lab;
  private NetworkNamespace network;

  @BeforeEach
  void begin(Lab given) {
    lab = given;
    network = NetworkNamespace.of(lab);
    network.address("fd00::25");
    network.addresses("127.1.0.0/16", "fd00:c::/64");
    lab.in(network);
  }

  /** Its connections are used again, for other clients too. */
  @Test
  void postfixByXclient() {
    Postfix postfix =
        lab.postfix("postfix", "smtpd_authorized_xclient_hosts = 127.0.0.1");
    int messages = mail("xclient", postfix.address(), "2", postfix::clients);
    long connections =
        postfix.log().stream().filter(line -> line.contains("]: connect from ")).count();
    System.out.println(messages + " messages by XCLIENT in " + connections + " connections");
    assertThat(connections).isLessThan(messages / 2);
  }

  @Test
  void postfixByProxyV1() {
    Postfix postfix = lab.postfix("postfix");
    mail("proxy-v1", postfix.addressForProxies(), "1", postfix::clients);
  }

  @Test
  void postfixByProxyV2() {
    Postfix postfix = lab.postfix("postfix");
    mail("proxy-v2", postfix.addressForProxies(), "1", postfix::clients);
  }

  @Test
  void eximByProxyV1() {
    Exim exim = exim();
    mail("proxy-v1", exim.address(), "1", exim::clients);
  }

  @Test
  void eximByProxyV2() {
    Exim exim = exim();
    mail("proxy-v2", exim.address(), "1", exim::clients);
  }

  private Exim exim() {
    return lab.exim(
        "exim",
        Map.of(),
        List.of("tls_advertise_hosts =", "hosts_proxy = 127.0.0.1", "smtp_accept_max = 200"),
        List.of());
  }

  @Test
  void openSmtpdByProxyV2() {
    OpenSmtpd openSmtpd = lab.openSmtpd("opensmtpd", "proxy-v2");
    mail("proxy-v2", openSmtpd.address(), "1", openSmtpd::clients);
  }

  /** Sends mail, and has the member's log looked through; returns how many messages it was. */
  private int mail(
      String announce, String member, String links, Supplier<Map<String, String>> clients) {
    int port = Ports.free();
    lab.posthouse(
        new Config()
            .smtp("line-ends: reject")
            .listen("127.0.0.1:" + port)
            .listen("[fd00::25]:" + port)
            .pool("announce: " + announce + "\n    reuse: { idle-connections: 100 }")
            .member("mx1", member));
    long begin = System.nanoTime();
    MixedMail sent =
        MixedMail.send(
            network, "127.0.0.1", "fd00::25", "" + port, "127.1", "fd00:c:", CLIENTS, links);
    System.out.println(
        sent.ids().size() + " messages, " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    sent.requireKnown(clients);
    assertThat(sent.ids().size()).isGreaterThan(1500);
    return sent.ids().size();
  }
}
