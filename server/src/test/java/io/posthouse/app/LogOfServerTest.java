package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the log has of one virtual server and not of another. */
@ExtendWith(NoLeaks.class)
final class LogOfServerTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"smtp, true", "smtp, false", "tcp, true", "tcp, false"})
  void aVirtualServerMayLogOtherwiseThanTheRest(String mode, boolean rest) throws Exception {
    String said = rest ? "problems" : "links";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                """
                log: { links: %s }
                pools: { hub: { members: { mx1: "127.0.0.1:%d" } } }
                virtual-servers:
                  OWN: { mode: %s, listen: "127.0.0.1:0", pool: hub, log: %s }
                  REST: { mode: %s, listen: "127.0.0.2:0", pool: hub }
                """
                    .formatted(rest, member.port(), mode, said, mode))) {
      String silent = rest ? "OWN" : "REST";
      String logged = rest ? "REST" : "OWN";
      quit(house, silent);
      quit(house, logged);
      await()
          .untilAsserted(
              () -> assertThat(house.log()).contains("link closed", "virtual-server=" + logged));
      assertThat(house.log().lines())
          .noneMatch(
              line -> line.contains("link closed") && line.contains("virtual-server=" + silent));
    }
  }

  private static void quit(RunningHouse house, String server) throws Exception {
    try (Socket client = house.connect(server)) {
      RunningHouse.line(client);
      RunningHouse.say(client, "QUIT");
      assertThat(client.getInputStream().read()).isNegative();
    }
  }
}
