package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.ConfigApplier.Applied;
import io.posthouse.health.EffectiveState;
import io.posthouse.model.Endpoint;
import io.posthouse.testkit.FreePorts;
import io.posthouse.testkit.LoopbackServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A reload: the next link follows it, running links do not notice, a refused one changes nothing.
 */
class ReloadTest {
  private static final String SERVERS = "virtual-servers:\n";
  private static final String VS = SERVERS + server("VS", "\"127.0.0.1:0\"", "hub");

  @TempDir Path directory;

  private final LoopbackServer one = LoopbackServer.echo("one");
  private final LoopbackServer two = LoopbackServer.echo("two");

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static String server(String name, String listen, String pool) {
    return "  %s: { mode: tcp, listen: %s, pool: %s }\n".formatted(name, listen, pool);
  }

  private static String hub(String members) {
    return "pools:\n" + pool("hub", members);
  }

  private static String pool(String name, String members) {
    return "  %s:\n    members: { %s }\n".formatted(name, members);
  }

  private String m1() {
    return m1(one);
  }

  private static String m1(LoopbackServer at) {
    return "m1: \"127.0.0.1:" + at.port() + "\"";
  }

  private String m2() {
    return "m2: \"127.0.0.1:" + two.port() + "\"";
  }

  @Test
  void theSameFileChangesNothing() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS)) {
      Endpoint before = house.address("VS");
      Applied applied = house.reload(hub(m1()) + VS);
      assertThat(applied.applied()).isTrue();
      assertThat(applied.changes()).isEmpty();
      assertThat(applied.generation()).isEqualTo(2);
      assertThat(house.address("VS")).isEqualTo(before);
      assertThat(house.ask("VS")).isEqualTo("one");
    }
  }

  @Test
  void membersComeAndGoAndRunningLinksStay() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS)) {
      Socket old = house.connect("VS");
      assertThat(RunningHouse.line(old)).isEqualTo("one");
      assertThat(house.reload(hub(m1() + ", " + m2()) + VS).applied()).isTrue();
      List<String> both = List.of(house.ask("VS"), house.ask("VS"));
      assertThat(both).containsExactlyInAnyOrder("one", "two");
      assertThat(house.reload(hub(m2()) + VS).applied()).isTrue();
      for (int i = 0; i < 4; i++) {
        assertThat(house.ask("VS")).isEqualTo("two");
      }
      assertThat(RunningHouse.say(old, "still there")).isEqualTo("still there");
      assertThat(house.pool("hub").members()).hasSize(1);
    }
  }

  @Test
  void aMemberThatMovedIsFoundAtOnce() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS)) {
      Socket old = house.connect("VS");
      assertThat(RunningHouse.line(old)).isEqualTo("one");
      house.reload(hub(m1(two)) + VS);
      assertThat(house.ask("VS")).isEqualTo("two");
      assertThat(RunningHouse.say(old, "still there")).isEqualTo("still there");
      old.close();
      await().until(() -> house.member("hub", "m1").connections() == 0);
    }
  }

  @Test
  void poolsComeAndGo() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS)) {
      String other = pool("other", m2());
      String vs = SERVERS + server("VS", "\"127.0.0.1:0\"", "other");
      Applied applied = house.reload(hub(m1()) + other + vs);
      assertThat(applied.changes()).anyMatch(line -> line.contains("pool other added"));
      assertThat(house.ask("VS")).isEqualTo("two");
      house.reload("pools:\n" + other + vs);
      assertThat(house.ask("VS")).isEqualTo("two");
      assertThat(house.posthouse().status().pools()).hasSize(1);
    }
  }

  @Test
  void weightsFollow() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1() + ", " + m2()) + VS)) {
      String heavy = "m1: { address: \"127.0.0.1:" + one.port() + "\", weight: 3 }, ";
      house.reload(hub(heavy + m2()) + VS);
      List<String> members = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        members.add(house.ask("VS"));
      }
      assertThat(members.stream().filter("one"::equals)).hasSize(6);
      assertThat(house.member("hub", "m1").weight()).isEqualTo(3);
    }
  }

  @Test
  void monitorsComeAndGo() throws Exception {
    String plain = hub(m1() + ", " + m2());
    String monitored =
        "monitors:\n  alive: { type: tcp, interval: 1s }\n"
            + plain.replace("members", "monitors: [alive]\n    members");
    try (RunningHouse house = RunningHouse.start(directory, plain + VS)) {
      assertThat(house.member("hub", "m1").effective()).isEqualTo(EffectiveState.UNKNOWN);
      house.reload(monitored + VS);
      await().until(() -> house.member("hub", "m1").effective() == EffectiveState.UP);
      assertThat(house.member("hub", "m1").probes()).hasSize(1);
      house.reload(plain + VS);
      assertThat(house.member("hub", "m1").probes()).isEmpty();
      assertThat(house.ask("VS")).isNotEmpty();
    }
  }

  @Test
  void listenersComeAndGoAndTheirLinksStay() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS)) {
      Endpoint before = house.address("VS");
      Socket old = house.connect("VS");
      assertThat(RunningHouse.line(old)).isEqualTo("one");
      house.reload(hub(m1()) + SERVERS + server("VS", "[\"127.0.0.1:0\", \"[::1]:0\"]", "hub"));
      assertThat(house.server("VS").listening()).hasSize(2).contains(before);
      house.reload(hub(m1()) + SERVERS + server("VS", "\"[::1]:0\"", "hub"));
      assertThat(house.ask("VS")).isEqualTo("one");
      assertThatThrownBy(() -> house.connect(before)).isInstanceOf(IOException.class);
      assertThat(RunningHouse.say(old, "still there")).isEqualTo("still there");
    }
  }

  @Test
  void anAddressThatMovesToAnotherVirtualServerStaysBound() throws Exception {
    String pools = hub(m1()) + pool("other", m2());
    String a = "\"127.0.0.1:0\"";
    String b = "\"127.0.0.2:0\"";
    String before = SERVERS + server("A", a, "hub") + server("B", b, "other");
    String after = SERVERS + server("A", b, "hub") + server("B", a, "other");
    try (RunningHouse house = RunningHouse.start(directory, pools + before)) {
      Endpoint first = house.address("A");
      Endpoint second = house.address("B");
      assertThat(house.ask("A")).isEqualTo("one");
      Applied applied = house.reload(pools + after);
      assertThat(applied.changes()).noneMatch(line -> line.contains("listening"));
      assertThat(house.address("A")).isEqualTo(second);
      assertThat(house.address("B")).isEqualTo(first);
      assertThat(house.ask("A")).isEqualTo("one");
      assertThat(house.ask("B")).isEqualTo("two");
    }
  }

  @Test
  void aPortInUseLeavesEverythingAsItWas() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS);
        ServerSocket foreign = new ServerSocket()) {
      foreign.bind(new InetSocketAddress("127.0.0.1", 0));
      Endpoint before = house.address("VS");
      String listen = "[\"127.0.0.3:0\", \"127.0.0.1:" + foreign.getLocalPort() + "\"]";
      Applied applied = house.reload(hub(m2()) + SERVERS + server("NEW", listen, "hub"));
      assertThat(applied.applied()).isFalse();
      assertThat(applied.generation()).isEqualTo(1);
      assertThat(applied.problems()).singleElement().asString().contains("ss -ltnp");
      assertThat(house.posthouse().status().virtualServers()).hasSize(1);
      assertThat(house.address("VS")).isEqualTo(before);
      assertThat(house.ask("VS")).isEqualTo("one");
      assertThat(house.log()).doesNotContain("127.0.0.3");
    }
  }

  @Test
  void aBadFileLeavesEverythingAsItWas() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS)) {
      Applied applied = house.reload(hub(m2()) + VS.replace("pool: hub", "pool: hup"));
      assertThat(applied.applied()).isFalse();
      assertThat(applied.problems()).isNotEmpty();
      assertThat(house.ask("VS")).isEqualTo("one");
      assertThat(house.reload(hub(m2()) + VS).applied()).isTrue();
      assertThat(house.ask("VS")).isEqualTo("two");
    }
  }

  /** The member's address changes each time: it must be known as soon as it can be chosen. */
  @Test
  void reloadsLoseNoLink() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, hub(m1()) + VS)) {
      losesNoLink(
          house.address("VS"),
          () -> {
            for (int i = 0; i < 20; i++) {
              LoopbackServer next = i % 2 == 0 ? two : one;
              assertThat(house.reload(hub(m1(next)) + VS).applied()).isTrue();
            }
          });
    }
  }

  /**
   * An address gives way to one that covers it, and back. Both are ours, so both may be bound at
   * once; the kernel prefers the narrower one as long as it listens.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAddressThatGivesWayToOneThatCoversItLosesNoLink(boolean narrowFirst) throws Exception {
    int port = FreePorts.next();
    String narrow = SERVERS + server("VS", "\"127.0.0.1:" + port + "\"", "hub");
    String wide = SERVERS + server("VS", "\"*:" + port + "\"", "hub");
    try (RunningHouse house =
        RunningHouse.start(directory, hub(m1()) + (narrowFirst ? narrow : wide))) {
      Socket old = house.connect(new Endpoint("127.0.0.1", port));
      assertThat(RunningHouse.line(old)).isEqualTo("one");
      losesNoLink(
          new Endpoint("127.0.0.1", port),
          () -> {
            for (int i = 0; i < 20; i++) {
              Applied applied =
                  house.reload(hub(m1()) + ((i % 2 == 0) == narrowFirst ? wide : narrow));
              assertThat(applied.applied()).isTrue();
            }
          });
      assertThat(RunningHouse.say(old, "still there")).isEqualTo("still there");
      house.reload(hub(m1()) + narrow);
      assertThatThrownBy(() -> house.connect(new Endpoint("::1", port)))
          .isInstanceOf(IOException.class);
      house.reload(hub(m1()) + wide);
      assertThat(RunningHouse.line(house.connect(new Endpoint("::1", port)))).isEqualTo("one");
    }
  }

  /** What is done while clients come and go. */
  private interface Step {
    void run() throws Exception;
  }

  private static void losesNoLink(Endpoint address, Step during) throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      clients.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!enough.get()) {
                  try {
                    talk(address);
                    served.incrementAndGet();
                  } catch (IOException e) {
                    lost.add(e.toString());
                  }
                }
              }));
    }
    await().until(() -> served.get() > 50);
    try {
      during.run();
    } finally {
      enough.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(lost).as("of " + served).isEmpty();
  }

  private static void talk(Endpoint address) throws IOException {
    try (Socket client = new Socket()) {
      client.setSoTimeout(10_000);
      client.connect(new InetSocketAddress(address.host(), address.port()));
      RunningHouse.line(client);
      RunningHouse.say(client, "hello");
    }
  }
}
