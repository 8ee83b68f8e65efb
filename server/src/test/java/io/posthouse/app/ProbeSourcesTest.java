package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.Sighting;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From where a whole Posthouse asks its members, by the classes in its file. */
class ProbeSourcesTest {
  @TempDir Path directory;

  private final SmtpMember server = new SmtpMember();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void membersAreAskedFromTheAddressesOfTheClassesAndStatusSaysWhatTheySee() throws Exception {
    server.ehlo = "250 mx.example.net Hello lb [127.0.0.6]";
    String file =
        """
        snat-pools:
          outside: [127.0.0.5, 127.0.0.6]
        client-classes:
          all: { from: [any], relay: server, snat: outside }
        monitors:
          mon: { type: smtp, depth: hello, interval: 1h }
        pools:
          hub:
            monitors: [mon]
            members: { m1: "127.0.0.1:%d" }
        virtual-servers:
          VS: { mode: smtp, listen: "127.0.0.1:0", pool: hub, classes: [all] }
        """
            .formatted(server.port());
    try (RunningHouse house = RunningHouse.start(directory, file)) {
      assertThat(house.posthouse().probes().probe("hub", "m1")).hasSize(2);
      List<Sighting> sources =
          house.posthouse().status().pools().getFirst().members().getFirst().sources();
      assertThat(sources)
          .extracting(each -> each.source().toString())
          .containsExactly("127.0.0.5", "127.0.0.6");
      assertThat(sources)
          .extracting(Sighting::problem)
          .containsExactly(
              "connects from 127.0.0.5, but the member sees 127.0.0.6: an address translation is"
                  + " between",
              "");
    }
  }
}
