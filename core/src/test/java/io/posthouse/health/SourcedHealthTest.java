package io.posthouse.health;

import static io.posthouse.health.Monitors.FAILED;
import static io.posthouse.health.Monitors.PASSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.AdminState;
import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.policy.PoolSources;
import io.posthouse.policy.ProbeSource;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A pool whose members are asked from several addresses of ours. */
class SourcedHealthTest {
  private static final Instant WALL = Instant.parse("2026-11-22T12:00:00Z");
  private static final ProbeResult NOT_OURS =
      new ProbeResult.Inconclusive(
          ProbeStep.SOURCE, "cannot leave from 10.0.0.2: cannot assign requested address");

  private long now = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

  private static Monitor monitor() {
    return Monitors.monitor("a", 1, 2);
  }

  private static Pool pool() {
    return Monitors.pool(
        Duration.ZERO, List.of("a"), Monitors.member("ex1", 25, AdminState.ENABLED));
  }

  private static PoolSources sources(String... addresses) {
    List<ProbeSource> sources = new ArrayList<>();
    for (String each : addresses) {
      sources.add(
          each.equals("automap")
              ? ProbeSource.AUTOMAP
              : new ProbeSource(InetAddress.ofLiteral(each)));
    }
    return new PoolSources(sources);
  }

  private static PoolSources many(int count) {
    return sources(
        IntStream.range(0, count).mapToObj(i -> "10.0.0." + (i + 1)).toArray(String[]::new));
  }

  private PoolHealth health(PoolSources sources) {
    return new PoolHealth(pool(), Map.of("a", monitor()), sources, now, WALL);
  }

  private void probed(PoolHealth health, String source, ProbeResult result) {
    ProbeOrder order =
        health.orders("ex1").stream()
            .filter(each -> each.source().toString().equals(source))
            .findFirst()
            .orElseThrow();
    health.probed(order, result, now, WALL);
  }

  private static MemberStatus status(PoolHealth health) {
    MemberStatus status = health.statuses().get("ex1");
    if (status == null) {
      throw new AssertionError("no member ex1");
    }
    return status;
  }

  /** How many probes begin at each second, all of which pass. */
  private List<Integer> begun(PoolHealth health, int seconds, ProbeResult result) {
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      List<ProbeOrder> due = health.takeDue(now);
      due.forEach(order -> health.probed(order, result, now, WALL));
      counts.add(due.size());
      now += Duration.ofSeconds(1).toNanos();
    }
    return counts;
  }

  @Test
  void everyAddressMustGetThrough() {
    PoolHealth health = health(sources("10.0.0.1", "10.0.0.2", "automap"));
    probed(health, "10.0.0.1", PASSED);
    probed(health, "automap", PASSED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    probed(health, "10.0.0.2", PASSED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
    assertThat(status(health).reason())
        .isEqualTo("from 10.0.0.1, 10.0.0.2, automap: a passes: hello");
    probed(health, "10.0.0.2", FAILED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
    probed(health, "10.0.0.2", FAILED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
    assertThat(status(health).reason())
        .isEqualTo("from 10.0.0.2: a failed at banner: no answer in 5 s");
    probed(health, "10.0.0.1", PASSED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
    probed(health, "10.0.0.2", PASSED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
  }

  @Test
  void theKernelsChoiceAloneIsNotNamed() {
    PoolHealth health = health(PoolSources.AUTOMAP);
    probed(health, "automap", PASSED);
    assertThat(status(health).reason()).isEqualTo("a passes: hello");
  }

  @Test
  void manyThatSayTheSameAreCounted() {
    PoolHealth health = health(many(7));
    begun(health, 2, PASSED);
    assertThat(status(health).reason())
        .isEqualTo("from 10.0.0.1, 10.0.0.2, 10.0.0.3 and 4 more: a passes: hello");
  }

  @Test
  void anAddressThatCannotBeUsedSaysNothingOfTheMember() {
    Map<String, Monitor> slowToRise = Map.of("a", Monitors.monitor("a", 3, 2));
    PoolHealth health =
        new PoolHealth(pool(), slowToRise, sources("10.0.0.1", "10.0.0.2"), now, WALL);
    probed(health, "10.0.0.1", PASSED);
    probed(health, "10.0.0.2", NOT_OURS);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
    probed(health, "10.0.0.2", FAILED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
    probed(health, "10.0.0.2", NOT_OURS);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
    probed(health, "10.0.0.1", NOT_OURS);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    assertThat(status(health).reason()).contains("cannot leave from 10.0.0.2");
  }

  @Test
  void aMemberIsAskedFromTheAddressesOfItsFamily() {
    PoolHealth health = health(sources("10.0.0.1", "2001:db8::1"));
    assertThat(health.orders("ex1"))
        .extracting(order -> order.source().toString())
        .containsExactly("10.0.0.1");
  }

  @Test
  void whatIsKnownFromAnAddressStaysAsLongAsItIsUsed() {
    PoolHealth health = health(sources("10.0.0.1", "10.0.0.2"));
    ProbeOrder gone = health.orders("ex1").getLast();
    probed(health, "10.0.0.1", PASSED);
    probed(health, "10.0.0.2", FAILED);
    PoolSources fewer = sources("10.0.0.1");
    health.reconfigure(pool(), Map.of("a", monitor()), fewer, now, WALL);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
    assertThat(health.has(gone)).isFalse();
    PoolSources again = sources("10.0.0.1", "10.0.0.2");
    health.reconfigure(pool(), Map.of("a", monitor()), again, now, WALL);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
  }

  @Test
  void moreThanEightTakeTurns() {
    PoolHealth health = health(many(20));
    List<Integer> begun = begun(health, 120, PASSED);
    assertThat(begun).allSatisfy(count -> assertThat(count).isIn(0, 4, 8));
    // Three turns of ten seconds: each address four times in two minutes, give or take the first.
    int all = begun.stream().mapToInt(Integer::intValue).sum();
    assertThat(all).isBetween(3 * 20, 5 * 20);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
  }

  @Test
  void thoseThatFailDoNotWaitForTheirTurn() {
    PoolHealth health = health(many(20));
    begun(health, 40, PASSED);
    begun(health, 25, FAILED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
  }
}
