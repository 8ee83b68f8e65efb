package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.ConfigApplier.Applied;
import io.posthouse.door.ListStatus;
import io.posthouse.testkit.StoringServer;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** List files that change while Posthouse runs. */
final class ListReloadTest {
  @TempDir Path directory;

  private static String text(StoringServer member) {
    return """
    data-groups: { gateways: { file: gateways.txt } }
    client-classes: { all: { from: gateways, relay: any } }
    pools: { hub: { members: { m1: "127.0.0.1:%d" } } }
    virtual-servers: { mail: { listen: "127.0.0.1:0", pool: hub, classes: all } }
    """
        .formatted(member.port());
  }

  private void write(String text) throws Exception {
    Files.writeString(directory.resolve("gateways.txt"), text);
  }

  private static ListStatus list(RunningHouse house) {
    return house.posthouse().status().lists().getFirst();
  }

  @Test
  void aChangedListIsTakenWithoutAWordAndABrokenOneIsNot() throws Exception {
    write("127.0.0.1\n");
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = RunningHouse.startLooking(directory, text(member))) {
      assertThat(list(house).entries()).isEqualTo(1);
      assertThat(RunningHouse.line(house.connectFrom("127.0.0.2", "mail"))).startsWith("554 5.7.1");
      Socket open = house.connectFrom("127.0.0.1", "mail");
      assertThat(RunningHouse.line(open)).startsWith("220");
      write("127.0.0.1\n127.0.0.2\n");
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(list(house).entries()).isEqualTo(2));
      assertThat(house.log()).contains("list file changed and is in use");
      assertThat(RunningHouse.line(house.connectFrom("127.0.0.2", "mail"))).startsWith("220");
      assertThat(RunningHouse.say(open, "NOOP")).startsWith("250");
      write("127.0.0.1\n127.0.0.");
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(list(house).problem()).contains("gateways.txt line 2"));
      assertThat(list(house).entries()).isEqualTo(2);
      Applied applied = house.reload(text(member));
      assertThat(applied.applied()).isFalse();
      assertThat(applied.problems()).singleElement().asString().contains("gateways.txt line 2");
    }
  }

  @Test
  void aReloadTakesAListThatShrankByForceOnly() throws Exception {
    write("127.0.0.1\n127.0.0.2\n127.0.0.3\n");
    try (StoringServer member = new StoringServer("m1", Duration.ZERO);
        RunningHouse house = RunningHouse.start(directory, text(member))) {
      write("127.0.0.1\n");
      Applied refused = house.reload(text(member));
      assertThat(refused.applied()).isFalse();
      assertThat(refused.problems())
          .singleElement()
          .asString()
          .contains("posthouse reload --force");
      assertThat(list(house).entries()).isEqualTo(3);
      assertThat(house.posthouse().configuration().reload("test", true).applied()).isTrue();
      assertThat(list(house).entries()).isEqualTo(1);
    }
  }
}
