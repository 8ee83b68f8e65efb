package io.posthouse.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.PortUse;
import io.posthouse.model.Endpoint;
import io.posthouse.testkit.HandClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How source ports are counted, and when somebody hears of it. */
class SourcePortsTest {
  private static final InetAddress SOURCE = InetAddress.ofLiteral("10.77.0.2");
  private static final InetAddress OTHER_SOURCE = InetAddress.ofLiteral("10.77.0.3");
  private static final InetSocketAddress MEMBER =
      new InetSocketAddress(InetAddress.ofLiteral("10.77.0.21"), 25);
  private static final InetSocketAddress OTHER_MEMBER =
      new InetSocketAddress(InetAddress.ofLiteral("10.77.0.22"), 25);

  private final HandClock clock = new HandClock();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final SourcePorts ports = new SourcePorts(events::add, clock);

  @BeforeEach
  void aHundredPorts() {
    ports.configure(new PortSettings(100, 0));
  }

  @Test
  void countsBySourceAndMember() {
    take(3);
    ports.taken(OTHER_SOURCE, MEMBER);
    ports.taken(SOURCE, OTHER_MEMBER);
    ports.returned(SOURCE, MEMBER);

    assertThat(ports.snapshot())
        .containsExactly(
            use("10.77.0.2", "10.77.0.21", 2),
            use("10.77.0.2", "10.77.0.22", 1),
            use("10.77.0.3", "10.77.0.21", 1));
  }

  @Test
  void alarmsOnceAtEightyPercentAndAgainAfterItFellBelowSixty() {
    take(79);
    assertThat(kinds()).isEmpty();
    take(10);
    assertThat(kinds()).containsExactly(EventKind.SOURCE_PORTS_LOW);

    giveBack(29);
    look();
    take(29);
    assertThat(kinds()).containsExactly(EventKind.SOURCE_PORTS_LOW);

    giveBack(30);
    look();
    take(30);
    assertThat(kinds())
        .containsExactly(
            EventKind.SOURCE_PORTS_LOW,
            EventKind.SOURCE_PORTS_RECOVERED,
            EventKind.SOURCE_PORTS_LOW);
  }

  @Test
  void theAlarmComesBeforeTheEnd() {
    take(100);

    assertThat(kinds())
        .containsExactly(EventKind.SOURCE_PORTS_LOW, EventKind.SOURCE_PORTS_EXHAUSTED);
  }

  @Test
  void theEndIsToldOnceWithItsRemedy() {
    take(100);
    ports.exhausted(SOURCE, MEMBER);
    ports.exhausted(SOURCE, MEMBER);

    assertThat(events)
        .filteredOn(event -> event.kind() == EventKind.SOURCE_PORTS_EXHAUSTED)
        .singleElement()
        .satisfies(event ->
            assertThat(event.fields().toString())
                .contains("10.77.0.2", "10.77.0.21:25", "snat-pool", "ip_local_port_range"));
  }

  @Test
  void whatTheKernelRefusesIsTheEndWhateverWasCounted() {
    ports.exhausted(SOURCE, MEMBER);

    assertThat(kinds()).containsExactly(EventKind.SOURCE_PORTS_EXHAUSTED);
  }

  @Test
  void itIsNotOverBeforeTheKernelHasHadAPortForAMinute() {
    ports.exhausted(SOURCE, MEMBER);
    for (int i = 0; i < 30; i++) {
      look();
      ports.exhausted(SOURCE, MEMBER);
    }
    assertThat(kinds()).containsExactly(EventKind.SOURCE_PORTS_EXHAUSTED);

    clock.advance(Duration.ofMinutes(1));
    ports.look();
    assertThat(kinds())
        .containsExactly(EventKind.SOURCE_PORTS_EXHAUSTED, EventKind.SOURCE_PORTS_RECOVERED);
    assertThat(ports.snapshot()).isEmpty();
  }

  @Test
  void theAlarmForetellsTheEnd() {
    ports.configure(new PortSettings(1000, 0));
    for (int i = 0; i < 60; i++) {
      look();
      take(14);
    }

    assertThat(events)
        .first()
        .satisfies(event ->
            assertThat(event.fields().toString()).contains("exhausted, about 72 s at this rate"));
  }

  @Test
  void whatIsNoLongerUsedIsForgottenAfterTheTimeOfItsPorts() {
    take(1);
    giveBack(1);
    look();
    assertThat(ports.snapshot()).hasSize(1);

    for (int i = 0; i < 15; i++) {
      look();
    }
    assertThat(ports.snapshot()).isEmpty();
    take(1);
    assertThat(ports.snapshot()).containsExactly(use("10.77.0.2", "10.77.0.21", 1));
  }

  @Test
  void aReturnWithoutATakingChangesNothing() {
    giveBack(1);
    take(1);
    giveBack(3);
    take(1);

    assertThat(ports.snapshot()).containsExactly(use("10.77.0.2", "10.77.0.21", 1));
  }

  @Test
  void manyThreadsLoseNoPort() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                  ports.taken(SOURCE, MEMBER);
                  ports.returned(SOURCE, MEMBER);
                }
                ports.taken(SOURCE, MEMBER);
              }));
    }
    while (threads.stream().anyMatch(Thread::isAlive)) {
      clock.advance(Duration.ofMinutes(5));
      ports.look();
    }
    for (Thread each : threads) {
      each.join();
    }

    assertThat(ports.snapshot()).containsExactly(use("10.77.0.2", "10.77.0.21", 4));
  }

  private static PortUse use(String source, String member, int used) {
    return new PortUse(source, new Endpoint(member, 25), used, 100, null);
  }

  private void take(int connections) {
    for (int i = 0; i < connections; i++) {
      ports.taken(SOURCE, MEMBER);
    }
  }

  private void giveBack(int connections) {
    for (int i = 0; i < connections; i++) {
      ports.returned(SOURCE, MEMBER);
    }
  }

  private void look() {
    clock.advance(Duration.ofSeconds(5));
    ports.look();
  }

  private List<EventKind> kinds() {
    return events.stream().map(Event::kind).toList();
  }
}
