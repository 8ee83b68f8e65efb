package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two classes of clients are told apart by a real Postfix, by the address that each leaves from.
 * Clients 2 and 3 leave from 4 and 5, client 6 is of no class; 7 is Posthouse, and 8 the member.
 */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClassesTest {
  private static final String IPV4 = "10.9.0.";
  private static final String IPV6 = "fd00:9::";

  private final NetworkNamespace network;
  private final Postfix postfix;
  private final Posthouse posthouse;
  private final int smtp = Ports.free();
  private final int tcp = Ports.free();
  private int refused;

  ClassesTest(Lab lab) {
    network = NetworkNamespace.of(lab);
    for (int host = 2; host <= 8; host++) {
      network.address(IPV4 + host);
      network.address(IPV6 + host);
    }
    postfix = lab.in(network).postfix("postfix");
    String further = "mode: %s, pool: %s, listen: \"%s:%d\", classes: [relay, internet]";
    posthouse =
        lab.posthouse(
            new Config()
                .mode("smtp")
                .listen("10.9.0.7:" + smtp)
                .member("mx1", "10.9.0.8:" + postfix.port())
                .block(
                    "data-groups",
                    "{ apps: [10.9.0.2, \"fd00:9::2\"], rest: [10.9.0.3, \"fd00:9::3\"] }")
                .block(
                    "snat-pools",
                    "{ inside: [10.9.0.4, \"fd00:9::4\"], outside: [10.9.0.5, \"fd00:9::5\"] }")
                .clientClass("relay", "from: apps, relay: any, snat: inside")
                .clientClass("internet", "from: rest, relay: server, snat: outside")
                .furtherPool(
                    "hub6", "members: { mx1: \"[fd00:9::8]:%d\" }".formatted(postfix.port()))
                .furtherServer("SMTP6_VS", further.formatted("smtp", "hub6", "[fd00:9::7]", smtp))
                .furtherServer("TCP_VS", further.formatted("tcp", "hub", "10.9.0.7", tcp))
                .furtherServer("TCP6_VS", further.formatted("tcp", "hub6", "[fd00:9::7]", tcp)));
  }

  @ParameterizedTest
  @CsvSource({"smtp," + IPV4, "smtp," + IPV6, "tcp," + IPV4, "tcp," + IPV6})
  void eachClassHasItsSourceAddressAndStrangersAreRefused(String mode, String net) {
    int port = mode.equals("smtp") ? smtp : tcp;
    String domain = mode + "." + (net.equals(IPV4) ? "ipv4" : "ipv6") + ".example";
    for (int round = 0; round < 2; round++) {
      for (int client : new int[] {2, 3}) {
        swaks(net + client, net + "7", port, client + "." + round + "@" + domain).good();
      }
    }
    await("it is in its log")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(postfix.clients())
                .containsEntry("2.0@" + domain, net + "4")
                .containsEntry("3.0@" + domain, net + "5")
                .containsEntry("2.1@" + domain, net + "4")
                .containsEntry("3.1@" + domain, net + "5"));

    Commands.Ended stranger = swaks(net + "6", net + "7", port, "6.0@" + domain);
    assertThat(stranger.exit()).isNotZero();
    if (mode.equals("smtp")) {
      assertThat(stranger.out()).contains("554 5.7.1 ");
    } else {
      assertThat(stranger.out()).doesNotContain("<-  ", "<** ");
    }
    refused++;
    await("it is in the log")
        .atMost(Duration.ofSeconds(10))
        .until(() -> posthouse.log("end=no-class").size() == refused);
  }

  @AfterAll
  void theMemberSawOnlyTheirSourceAddresses() {
    assertThat(postfix.log())
        .filteredOn(line -> line.contains("]: connect from "))
        .allMatch(line -> line.matches(".*unknown\\[(10\\.9\\.0\\.|fd00:9::)[45]]"));
    assertThat(postfix.complaints()).isEmpty();
  }

  private Commands.Ended swaks(String from, String server, int port, String id) {
    return network.run(
        "swaks",
        "--local-interface",
        from,
        "--server",
        server,
        "--port",
        "" + port,
        "--from",
        "a@client.example",
        "--to",
        "b@member.example",
        "--header",
        "Message-Id: <" + id + ">");
  }
}
