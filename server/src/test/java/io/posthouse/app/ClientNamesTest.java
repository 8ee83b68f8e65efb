package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The names of a client: those that DNS has for it, and what it calls itself. */
@ExtendWith(NoLeaks.class)
final class ClientNamesTest {
  private final EdgeHouse edge;

  ClientNamesTest(@TempDir Path directory) {
    edge = new EdgeHouse(directory);
  }

  @AfterEach
  void end() {
    edge.close();
  }

  @Test
  void aClientWithoutAConfirmedNameIsToldToComeLater() throws Exception {
    edge.dns.pointers("9.0.0.127.in-addr.arpa", 300, "mx.example.net");
    edge.dns.addresses("mx.example.net", 300, "192.0.2.1", "127.0.0.9");
    edge.dns.pointers("8.0.0.127.in-addr.arpa", 300, "mx.example.net");
    edge.dns.fails("6.0.0.127.in-addr.arpa");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, "reverse-dns: {}")) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      assertThat(EdgeHouse.send("127.0.0.8", house)).startsWith("450 4.7.25 ");
      assertThat(EdgeHouse.send("127.0.0.7", house)).startsWith("450 4.7.25 ");
      assertThat(EdgeHouse.send("127.0.0.6", house)).startsWith("250");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("reason=\"its name in DNS does not lead back to it: mx.example.net\"")
                  .contains("reason=\"it has no name in DNS\""));
      assertThat(EdgeHouse.count(house, "reverse-dns")).isEqualTo("4/2/1");
    }
  }

  @Test
  void aNameWithControlCharactersIsNeverShown() throws Exception {
    edge.dns.pointers("9.0.0.127.in-addr.arpa", 300, "mx\r\n250 ok\u001b[2J.example.net");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, "reverse-dns: { require: name, action: refuse }")) {
      assertThat(EdgeHouse.send("127.0.0.9", house))
          .isEqualTo("550 5.7.25 Your address has no good name in DNS (reverse-dns)");
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("what DNS has for it is no host name")
                  .doesNotContain("250 ok")
                  .doesNotContain("\u001b"));
    }
  }

  @Test
  void whatAClientCallsItselfIsLookedAtWithItsMessage() throws Exception {
    edge.dns.addresses("known.example.net", 300, "192.0.2.1");
    edge.dns.fails("broken.example.net");
    String faults = "faults: [malformed, unqualified, our-name, foreign-address, unknown]";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, "hello: { " + faults + " }")) {
      for (String good : new String[] {"known.example.net", "[127.0.0.9]", "broken.example.net"}) {
        assertThat(EdgeHouse.send("127.0.0.9", good, house)).as(good).startsWith("250");
      }
      for (String bad :
          new String[] {
            "lb.example.net", "localhost", "[127.0.0.8]", "127.0.0.9", "a..b", "unknown.example.net"
          }) {
        assertThat(EdgeHouse.send("127.0.0.9", bad, house))
            .as(bad)
            .startsWith("550 5.7.1 Your name in EHLO");
      }
      await()
          .untilAsserted(() ->
              assertThat(house.log())
                  .contains("reason=\"unknown: unknown.example.net\"")
                  .contains("reason=\"our-name: lb.example.net\""));
      assertThat(EdgeHouse.count(house, "hello")).isEqualTo("9/6/1");
    }
  }
}
