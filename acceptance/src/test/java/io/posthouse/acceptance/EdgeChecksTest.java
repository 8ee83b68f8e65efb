package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Edge checks that ask a real DNS server, dnsmasq: 127.0.0.9 is on a list, 127.0.0.8 is not and has
 * a name, and when the server has died mail goes on.
 */
@ExtendWith(LabExtension.class)
final class EdgeChecksTest {
  private static final String CHECKS =
      """
      { outside: { timeout: 2s, early-talkers: { pause: 100ms },
          dns-lists: { lists: { zen.acceptance.test: 1 } }, reverse-dns: {},
          hello: { faults: [malformed, unknown] } } }
      """
          .replace("\n", " ");

  @Test
  void aListedClientIsRefusedAndADeadServerHoldsNobodyUp(Lab lab) {
    Postfix postfix = lab.postfix("postfix");
    int dns = Ports.free();
    Daemon dnsmasq =
        lab.daemon(
            "dnsmasq",
            "dnsmasq",
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--pid-file=" + lab.folder().resolve("dnsmasq.pid"),
            "--user=root",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            "--listen-address=127.0.0.1",
            "--port=" + dns,
            "--local=/acceptance.test/in-addr.arpa/",
            "--address=/9.0.0.127.zen.acceptance.test/127.0.0.2",
            "--host-record=mx.acceptance.test,127.0.0.8",
            "--ptr-record=8.0.0.127.in-addr.arpa,mx.acceptance.test");
    int port = Ports.free();
    Posthouse posthouse =
        lab.posthouse(
            new Config()
                .mode("smtp")
                .listen("127.0.0.1:" + Ports.free())
                .member(postfix)
                .block("dns", "{ resolvers: [\"127.0.0.1:" + dns + "\"] }")
                .block("edge-checks", CHECKS)
                .clientClass("rest", "from: any, relay: server")
                .furtherServer(
                    "EDGE",
                    "mode: smtp, pool: hub, listen: \"127.0.0.1:%d\", classes: [rest], edge-checks: outside"
                        .formatted(port)));

    assertThat(swaks("127.0.0.9", port).out()).contains("550 5.7.1 Your address is listed by");
    assertThat(swaks("127.0.0.7", port).out()).contains("450 4.7.25 Your address has no good name");
    swaks("127.0.0.8", port).good();
    assertThat(postfix.log()).anyMatch(line -> line.contains("a@client.example"));

    dnsmasq.close();
    long before = System.nanoTime();
    swaks("127.0.0.6", port).good();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
    assertThat(posthouse.log("check=dns-lists")).hasSize(1);
  }

  private static Commands.Ended swaks(String from, int port) {
    return Commands.run(
        "swaks",
        "--local-interface",
        from,
        "--server",
        "127.0.0.1",
        "--port",
        "" + port,
        "--helo",
        "mx.acceptance.test",
        "--from",
        "a@client.example",
        "--to",
        "b@member.example");
  }
}
