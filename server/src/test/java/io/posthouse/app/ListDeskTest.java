package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.config.ConfigFile;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.ListStatus;
import io.posthouse.model.Configuration;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Entry;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ListDeskTest {
  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final List<DataGroups> changed = new ArrayList<>();
  private ListDesk desk;
  private Configuration configuration;

  @BeforeEach
  void start() throws Exception {
    write("# ours\n10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4\n");
    configuration = configuration("gateways: { values: [10.9.9.9], file: gateways.txt }");
    desk = new ListDesk(directory, events::add, later::add);
    desk.whenChanged(changed::add);
    desk.take(desk.prepare(configuration, false));
  }

  private static Configuration configuration(String groups) {
    String text =
        """
        version: 1
        data-groups: { %s }
        client-classes: { all: { from: gateways, relay: any } }
        pools: { hub: { members: { ex1: 10.1.1.21:25 } } }
        virtual-servers: { MAIL: { listen: 127.0.0.1:25, pool: hub, classes: all } }
        """
            .formatted(groups);
    return ((ConfigFile.Read) ConfigFile.read("t.yaml", text)).configuration();
  }

  private void write(String text) throws Exception {
    Files.writeString(directory.resolve("gateways.txt"), text);
  }

  private boolean holds(String address) {
    return desk.groups().addresses("gateways").contains(InetAddress.ofLiteral(address));
  }

  /** A look, and what it asks of the reconciler. */
  private void look() {
    desk.look();
    List.copyOf(later).forEach(Runnable::run);
    later.clear();
  }

  private ListStatus status() {
    return desk.status().getFirst();
  }

  @Test
  void entriesOfTheFileJoinThoseOfTheConfiguration() {
    assertThat(holds("10.0.0.4")).isTrue();
    assertThat(holds("10.9.9.9")).isTrue();
    assertThat(holds("10.0.0.5")).isFalse();
    assertThat(status()).isEqualTo(new ListStatus("gateways", "address", "gateways.txt", 5, ""));
    assertThat(desk.groups().addresses("gateways").entry(InetAddress.ofLiteral("10.0.0.2")))
        .isEqualTo(new Entry("10.0.0.2", "gateways.txt line 3"));
  }

  @Test
  void contentIsTakenWhenTwoLooksInARowSawTheSame() throws Exception {
    look();
    write("10.0.0.1\n10.0.0.2\n10.0.0.5\n");
    look();
    assertThat(holds("10.0.0.5")).isFalse();
    write("10.0.0.1\n10.0.0.2\n10.0.0.5\n10.0.0.6\n");
    look();
    assertThat(holds("10.0.0.5")).isFalse();
    look();
    assertThat(holds("10.0.0.6")).isTrue();
    assertThat(holds("10.0.0.4")).isFalse();
    look();
    assertThat(events)
        .containsExactly(
            Event.of(
                EventKind.LIST_TAKEN, "group", "gateways", "file", "gateways.txt", "entries", 5));
    assertThat(changed).containsExactly(desk.groups());
  }

  @Test
  void aBadLineLeavesTheOldListAndIsToldOnceUntilMended() throws Exception {
    write("10.0.0.1\n10.0.0.2\n10.0.0\n");
    look();
    look();
    look();
    assertThat(holds("10.0.0.4")).isTrue();
    assertThat(status().problem()).startsWith("gateways.txt line 3: \"10.0.0\" is no address");
    assertThat(events).extracting(Event::kind).containsExactly(EventKind.LIST_REFUSED);
    assertThat(changed).isEmpty();
    write("10.0.0.1\n10.0.0.2\n10.0.0.7\n");
    look();
    look();
    assertThat(holds("10.0.0.7")).isTrue();
    assertThat(status().problem()).isEmpty();
  }

  @Test
  void theOldContentThatComesBackMends() throws Exception {
    String good = Files.readString(directory.resolve("gateways.txt"));
    Files.delete(directory.resolve("gateways.txt"));
    look();
    look();
    assertThat(status().problem()).contains("gateways.txt does not exist");
    assertThat(holds("10.0.0.4")).isTrue();
    write(good);
    look();
    look();
    assertThat(status().problem()).isEmpty();
    assertThat(events)
        .extracting(Event::kind)
        .containsExactly(EventKind.LIST_REFUSED, EventKind.LIST_TAKEN);
  }

  @Test
  void aListThatShrinksByMoreThanHalfIsTakenByForceOnly() throws Exception {
    write("10.0.0.1\n");
    look();
    look();
    assertThat(holds("10.0.0.4")).isTrue();
    assertThat(status().problem())
        .isEqualTo(
            "gateways.txt has 1 entries and 4 are in use; a list that shrinks by more than half is"
                + " taken only by: posthouse reload --force");
    assertThatThrownBy(() -> desk.prepare(configuration, false))
        .isInstanceOf(ListException.class)
        .hasMessageContaining("data-groups.gateways.file: gateways.txt has 1 entries");
    desk.take(desk.prepare(configuration, true));
    assertThat(holds("10.0.0.4")).isFalse();
    assertThat(status().problem()).isEmpty();
    look();
    look();
    assertThat(holds("10.0.0.4")).isFalse();
  }

  @Test
  void halfIsTakenByItself() throws Exception {
    write("10.0.0.1\n10.0.0.2\n");
    look();
    look();
    assertThat(holds("10.0.0.4")).isFalse();
    assertThat(holds("10.0.0.2")).isTrue();
  }

  @Test
  void anotherConfigurationThatComesInBetweenWins() throws Exception {
    write("10.0.0.1\n10.0.0.2\n10.0.0.5\n");
    look();
    desk.look();
    Configuration other = configuration("gateways: [10.8.8.8]");
    desk.take(desk.prepare(other, false));
    later.forEach(Runnable::run);
    assertThat(holds("10.8.8.8")).isTrue();
    assertThat(holds("10.0.0.5")).isFalse();
    assertThat(events).isEmpty();
  }

  @Test
  void whatIsUnchangedIsNotMadeAnew() throws Exception {
    assertThat(desk.prepare(configuration, false).groups().addresses("gateways"))
        .isSameAs(desk.groups().addresses("gateways"));
  }

  @Test
  void everyBadLineIsToldWithFileAndLine() throws Exception {
    write("10.0.0.1\n10.20.0.1/16\nx\u0007y\n");
    assertThat(ListDesk.problems(configuration, directory))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .isEqualTo(
                        "data-groups.gateways.file: gateways.txt line 2: \"10.20.0.1/16\" has bits"
                            + " behind its prefix; write 10.20.0.0/16"),
            second -> assertThat(second).contains("line 3: \"x\\u0007y\" is no address"));
    Files.delete(directory.resolve("gateways.txt"));
    assertThat(ListDesk.problems(configuration, directory))
        .containsExactly(
            "data-groups.gateways.file: gateways.txt does not exist; make it, even if it is empty");
  }

  @Test
  @Timeout(20)
  void aPipeInThePlaceOfAFileHoldsNobodyUp() throws Exception {
    Path file = directory.resolve("gateways.txt");
    Files.delete(file);
    new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
    look();
    look();
    assertThat(status().problem()).contains("no regular file");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws Exception {
    Files.write(directory.resolve("gateways.txt"), new byte[(32 << 20) + 1]);
    assertThat(ListDesk.problems(configuration, directory))
        .singleElement()
        .asString()
        .contains("is larger than 32 MiB");
  }

  @Test
  void aLongListIsTakenInTime() throws Exception {
    String domains =
        IntStream.range(0, 200_000)
            .mapToObj(i -> "customer-" + i + ".example.com")
            .collect(Collectors.joining("\n"));
    Files.write(directory.resolve("domains.txt"), domains.getBytes(StandardCharsets.US_ASCII));
    Configuration with =
        configuration(
            "gateways: { file: gateways.txt }, domains: { type: domain, file: domains.txt }");
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    desk.take(desk.prepare(with, false));
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
    assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofSeconds(2));
    assertThat(desk.groups().domains("domains").contains("customer-199999.example.com")).isTrue();
    assertThat(desk.groups().domains("domains").size()).isEqualTo(200_000);
  }
}
