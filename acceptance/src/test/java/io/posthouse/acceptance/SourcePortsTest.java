package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A hundred source ports, and more clients than that. */
@ExtendWith(LabExtension.class)
final class SourcePortsTest {
  private static final String LOW = "source ports towards a member run out";
  private static final String EXHAUSTED = "no source port towards a member is left";
  private static final String RECOVERED = "source ports towards a member are enough again";

  @Test
  void theAlarmComesBeforeTheEndAndMailIsDeferredUntilPortsAreFree(Lab lab) {
    NetworkNamespace network = NetworkNamespace.of(lab);
    Sink sink = lab.in(network).sink("mx1");
    network.set("net.ipv4.ip_local_port_range", "40000 40099");
    int port = Ports.free();
    Posthouse posthouse =
        lab.posthouse(
            new Config()
                .smtp("line-ends: reject")
                .listen("127.0.0.1:" + port)
                .member(sink)
                .clientClass("all", "from: any, relay: server, snat: 127.0.0.9"));

    List<String> first = openTransactions(network, port, 90);
    assertThat(first).containsOnly("250");
    assertThat(posthouse.log(LOW)).singleElement().asString().contains("127.0.0.9");
    assertThat(posthouse.log(EXHAUSTED)).isEmpty();

    await(RECOVERED).atMost(Duration.ofMinutes(2)).until(() -> !posthouse.log(RECOVERED).isEmpty());
    List<String> second = openTransactions(network, port, 130);
    assertThat(Collections.frequency(second, "250")).isEqualTo(100);
    assertThat(second.subList(100, 130)).containsOnly("451");
    assertThat(posthouse.log(EXHAUSTED)).hasSize(1);

    await("ports are free again")
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(openTransactions(network, port, 20)).containsOnly("250"));
  }

  /** Opens links with a message that has begun, all at once; the answers to MAIL. */
  private static List<String> openTransactions(NetworkNamespace network, int port, int count) {
    return network
        .java(OpenTransactions.class, "" + port, "" + count)
        .good()
        .out()
        .lines()
        .toList();
  }
}
