package io.posthouse.dsr;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** What ip, arping and ndisc6 say, as recorded. */
class LinkLayerTest {
  @Test
  void neighboursAreThoseWithAnAddress() {
    assertThat(
            LinkLayer.neighbours(
                """
                10.77.0.22 lladdr 02:77:00:00:00:22 REACHABLE\s
                10.77.0.99 FAILED\s
                10.77.0.98  INCOMPLETE\s
                10.77.0.1 dev eth0 lladdr 02:77:00:00:00:01 router STALE\s
                fd77::23 lladdr 02:77:00:00:00:23 DELAY\s
                """))
        .hasSize(3)
        .containsEntry(InetAddress.ofLiteral("10.77.0.22"), "02:77:00:00:00:22")
        .containsEntry(InetAddress.ofLiteral("10.77.0.1"), "02:77:00:00:00:01")
        .containsEntry(InetAddress.ofLiteral("fd77::23"), "02:77:00:00:00:23");
  }

  @Test
  void nobodyFillsTheAnswer() {
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      said.append(
          "Unicast reply from 10.77.0.100 [02:00:00:00:%02x:%02x]  1ms\n"
              .formatted(i >> 8, i & 255));
    }
    assertThat(LinkLayer.claims(said.toString())).hasSize(64);
  }

  @Test
  void everyAnswerCountsOnce() {
    assertThat(
            LinkLayer.claims(
                """
                ARPING 10.77.0.100 from 10.77.0.2 eth0
                Unicast reply from 10.77.0.100 [02:77:00:00:00:22]  0.562ms
                Unicast reply from 10.77.0.100 [02:77:00:00:00:2A]  0.567ms
                Unicast reply from 10.77.0.100 [02:77:00:00:00:22]  0.567ms
                Sent 2 probes (2 broadcast(s))
                Received 3 response(s)
                """))
        .containsExactly("02:77:00:00:00:22", "02:77:00:00:00:2a");
    assertThat(
            LinkLayer.claims(
                """
                Soliciting fd77::100 (fd77::100) on eth0...
                Target link-layer address: 02:77:00:00:00:23
                 from fd77::100
                Target link-layer address: 02:77:00:00:00:22
                 from fd77::100
                """))
        .containsExactly("02:77:00:00:00:22", "02:77:00:00:00:23");
    assertThat(LinkLayer.claims("Timed out.\nNo response.\n")).isEmpty();
  }
}
