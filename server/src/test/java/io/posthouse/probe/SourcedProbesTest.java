package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.ProbeReport;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.Sighting;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.policy.PoolSources;
import io.posthouse.policy.ProbeSource;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.ScriptedServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member that is really asked from several addresses of this machine. */
@Timeout(60)
class SourcedProbesTest {
  private static final MachineClock CLOCK = new MachineClock();
  private static final Monitor MONITOR = Orders.smtp(Depth.HELLO, Duration.ofSeconds(10));
  private static final String MEMBER = "S: 220 mx\nC: EHLO .*\nS: 250 mx\nC: QUIT\nS: 221\nclose";

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final HealthOwner owner =
      new HealthOwner(
          host -> {
            throw new UnknownHostException(host);
          },
          Path.of("posthouse.yaml"),
          (pool, statuses) -> {},
          events::add,
          CLOCK,
          CLOCK);

  @AfterEach
  void close() {
    owner.close();
  }

  private void configure(ScriptedServer server, Stream<String> sources) {
    owner.reconfigure(
        Map.of("hub", Pools.hub(new Endpoint(server.host(), server.port()), MONITOR.name())),
        Map.of(MONITOR.name(), MONITOR),
        Map.of("hub", new PoolSources(sources.map(SourcedProbesTest::source).toList())),
        "lb");
  }

  private static ProbeSource source(String address) {
    return new ProbeSource(InetAddress.ofLiteral(address));
  }

  private MemberStatus status() {
    MemberStatus status = owner.statuses("hub").get("ex1");
    if (status == null) {
      throw new AssertionError("no member ex1");
    }
    return status;
  }

  private static boolean leftFrom(ProbeReport report, String address) {
    return report.dialogue().getFirst().text().endsWith(" from " + address);
  }

  @Test
  void aProbeOnRequestLeavesFromEachOfThem() {
    try (ScriptedServer server = ScriptedServer.play(MEMBER)) {
      List<String> addresses = IntStream.range(2, 22).mapToObj(i -> "127.0.0." + i).toList();
      configure(server, addresses.stream());
      List<ProbeReport> reports = owner.probe("hub", "ex1");
      assertThat(reports).hasSameSizeAs(addresses);
      for (int i = 0; i < addresses.size(); i++) {
        assertThat(leftFrom(reports.get(i), addresses.get(i))).isTrue();
      }
      assertThat(status().effective()).isEqualTo(EffectiveState.UP);
      assertThat(owner.reports("hub", "ex1")).hasSameSizeAs(addresses);
    }
  }

  @Test
  void oneThatIsNotOursIsToldOnceAndTakesNobodyDown() {
    try (ScriptedServer server = ScriptedServer.play(MEMBER)) {
      configure(server, Stream.of("127.0.0.2", "192.0.2.77"));
      owner.probe("hub", "ex1");
      owner.probe("hub", "ex1");
      assertThat(status().effective()).isEqualTo(EffectiveState.UP);
      assertThat(events.stream().filter(each -> each.kind() == EventKind.MONITOR_MISCONFIGURED))
          .singleElement()
          .satisfies(event ->
              assertThat(event.fields())
                  .anyMatch(
                      field -> field.toString().startsWith("cannot leave from 192.0.2.77: ")));
    }
  }

  @Test
  void whatAMemberSeesInsteadIsToldOnceForEachAddress() {
    try (ScriptedServer server =
        ScriptedServer.play(MEMBER.replace("250 mx", "250 mx Hello [127.0.0.3]"))) {
      configure(server, Stream.of("127.0.0.2", "127.0.0.3"));
      owner.probe("hub", "ex1");
      owner.probe("hub", "ex1");
      assertThat(owner.reports("hub", "ex1"))
          .extracting(report -> report.sighting() == null ? "" : report.sighting().problem())
          .containsExactly(
              "connects from 127.0.0.2, but the member sees 127.0.0.3: an address translation is"
                  + " between",
              "");
      assertThat(events.stream().filter(each -> each.kind() == EventKind.ADDRESS_TRANSLATED))
          .singleElement()
          .satisfies(event -> assertThat(event.fields()).contains("source", "127.0.0.2"));
    }
  }

  @Test
  void theKernelsOwnChoiceIsShown() {
    try (ScriptedServer server = ScriptedServer.play(MEMBER)) {
      owner.reconfigure(
          Map.of("hub", Pools.hub(new Endpoint(server.host(), server.port()), MONITOR.name())),
          Map.of(MONITOR.name(), MONITOR),
          Map.of(),
          "lb");
      assertThat(owner.probe("hub", "ex1"))
          .singleElement()
          .satisfies(report ->
              assertThat(report.sighting())
                  .isEqualTo(
                      new Sighting(
                          ProbeSource.AUTOMAP, InetAddress.ofLiteral("127.0.0.1"), null, "")));
    }
  }
}
