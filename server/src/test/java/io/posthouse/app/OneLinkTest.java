package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.StoringServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One client link's messages over a pool. */
@ExtendWith(NoLeaks.class)
final class OneLinkTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "round-robin, 1, 1, 1",
    "round-robin, 1, 2, 5",
    "least-messages, 1, 1, 1",
    "least-messages, 1, 2, 5",
    "least-connections, 1, 1, 1",
    "two-choices, 1, 2, 5"
  })
  void aThousandMessagesOfOneLinkSpreadByWeight(String balance, int one, int two, int three)
      throws Exception {
    int[] weights = {one, two, three};
    try (StoringServer first = new StoringServer("m1", Duration.ZERO);
        StoringServer second = new StoringServer("m2", Duration.ZERO);
        StoringServer third = new StoringServer("m3", Duration.ZERO);
        RunningHouse house = house(balance, weights, first, second, third);
        MailLink link = MailLink.greeted(house)) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(link.send("a" + i + "@example.org")).startsWith("250");
      }
      List<StoringServer> members = List.of(first, second, third);
      for (int i = 0; i < 3; i++) {
        double share = 1_000.0 * weights[i] / (one + two + three);
        assertThat((double) members.get(i).stored().size())
            .as("messages of m%d", i + 1)
            .isBetween(share - 20, share + 20);
      }
    }
  }

  @Test
  void persistenceKeepsALinkOnItsMember() throws Exception {
    String persistence = "{ by: source-address }";
    try (StoringServer first = new StoringServer("m1", Duration.ZERO);
        StoringServer second = new StoringServer("m2", Duration.ZERO);
        RunningHouse house = house("round-robin", new int[] {1, 1}, persistence, first, second);
        MailLink link = MailLink.greeted(house)) {
      for (int i = 0; i < 20; i++) {
        assertThat(link.send("a" + i + "@example.org")).startsWith("250");
      }
      assertThat(List.of(first.stored().size(), second.stored().size()))
          .containsExactlyInAnyOrder(20, 0);
    }
  }

  private RunningHouse house(String balance, int[] weights, StoringServer... members)
      throws Exception {
    return house(balance, weights, "none", members);
  }

  private RunningHouse house(
      String balance, int[] weights, String persistence, StoringServer... members)
      throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < members.length; i++) {
      lines.append(
          "      %s: { address: \"127.0.0.1:%d\", weight: %d }%n"
              .formatted(members[i].name(), members[i].port(), weights[i]));
    }
    return RunningHouse.start(
        directory,
        """
        log: { links: false }
        pools:
          hub:
            balance: %s
            members:
        %s
        virtual-servers:
          mail: { mode: smtp, listen: "127.0.0.1:0", pool: hub, persistence: %s }
        """
            .formatted(balance, lines, persistence));
  }
}
