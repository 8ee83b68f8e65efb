package io.posthouse.health;

import static io.posthouse.health.Monitors.FAILED;
import static io.posthouse.health.Monitors.PASSED;
import static io.posthouse.health.Monitors.PRESSURE;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.AdminState;
import io.posthouse.model.Member;
import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.policy.PoolSources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PoolHealthTest {
  private static final Instant WALL = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration NO_SLOW_START = Duration.ZERO;
  private static final Map<String, Monitor> MONITORS =
      Map.of("a", Monitors.monitor("a", 1, 2), "b", Monitors.monitor("b", 1, 2));

  // The clock's origin is arbitrary: near its end, differences must still be right.
  private long now = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

  private Instant wall() {
    return WALL;
  }

  private void advance(Duration time) {
    now += time.toNanos();
  }

  private PoolHealth health(Duration slowStart, List<String> monitors) {
    Pool pool = Monitors.pool(slowStart, monitors, Monitors.member("ex1", 25, AdminState.ENABLED));
    return new PoolHealth(pool, MONITORS, PoolSources.AUTOMAP, now, WALL);
  }

  private List<MemberChange> probed(PoolHealth health, String monitor, ProbeResult result) {
    for (ProbeOrder order : health.orders("ex1")) {
      if (order.monitor().name().equals(monitor)) {
        return health.probed(order, result, now, WALL.plusSeconds(60));
      }
    }
    throw new AssertionError("no monitor " + monitor);
  }

  private static MemberStatus status(PoolHealth health) {
    MemberStatus status = health.statuses().get("ex1");
    if (status == null) {
      throw new AssertionError("no member ex1");
    }
    return status;
  }

  private void failConnects(PoolHealth health, int times) {
    for (int i = 0; i < times; i++) {
      health.connectFailed("ex1", "connection refused", now, wall());
    }
  }

  @Test
  void isUnknownAndEligibleUntilTheFirstResult() {
    PoolHealth health = health(NO_SLOW_START, List.of("a", "b"));
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    assertThat(status(health).work()).isEqualTo(MemberStatus.Work.NEW);
    probed(health, "a", PASSED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    probed(health, "b", PASSED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
    assertThat(status(health).since()).isEqualTo(WALL.plusSeconds(60));
    assertThat(status(health).ramping()).isFalse();
  }

  @Test
  void theWorstMonitorCounts() {
    PoolHealth health = health(NO_SLOW_START, List.of("a", "b"));
    probed(health, "a", PASSED);
    probed(health, "b", PRESSURE);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.PRESSURE);
    assertThat(status(health).work()).isEqualTo(MemberStatus.Work.LAST_RESORT);
    assertThat(status(health).reason())
        .isEqualTo("under pressure for outside senders: 452 4.3.1 Insufficient resources");
    probed(health, "a", FAILED);
    List<MemberChange> changes = probed(health, "a", FAILED);
    assertThat(changes)
        .singleElement()
        .satisfies(change -> {
          assertThat(change.isEffective()).isTrue();
          assertThat(change.before().effective()).isEqualTo(EffectiveState.PRESSURE);
          assertThat(change.after().reason()).isEqualTo("a failed at banner: no answer in 5 s");
        });
  }

  @Test
  void saysNothingWhenNothingChanged() {
    PoolHealth health = health(NO_SLOW_START, List.of("a"));
    assertThat(probed(health, "a", PASSED)).hasSize(1);
    assertThat(probed(health, "a", PASSED)).isEmpty();
    assertThat(health.tick(now, WALL)).isEmpty();
    assertThat(health.connectSucceeded("ex1", now, WALL)).isEmpty();
    assertThat(health.connectFailed("nobody", "x", now, WALL)).isEmpty();
  }

  @Test
  void threeConnectFailuresInARowTakeAMemberDown() {
    PoolHealth health = health(NO_SLOW_START, List.of());
    assertThat(status(health).reason()).isEqualTo("no monitor, nothing failed yet");
    failConnects(health, 2);
    health.connectSucceeded("ex1", now, WALL);
    failConnects(health, 2);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    failConnects(health, 1);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
    assertThat(status(health).reason())
        .isEqualTo("3 connections in a row failed, last: connection refused");
  }

  @Test
  void aTrialAfterDownTimeDecidesAlone() {
    PoolHealth health = health(NO_SLOW_START, List.of());
    failConnects(health, 3);
    assertThat(health.nextTickNanos(now)).hasValue(now + MemberHealth.PASSIVE_DOWN_TIME.toNanos());
    advance(Duration.ofMillis(9_999));
    assertThat(health.tick(now, WALL)).isEmpty();
    advance(Duration.ofMillis(1));
    assertThat(health.tick(now, WALL)).hasSize(1);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    failConnects(health, 1);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
    advance(Duration.ofSeconds(10));
    health.tick(now, WALL);
    health.connectSucceeded("ex1", now, WALL);
    failConnects(health, 2);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
  }

  @Test
  void aPassedProbeEndsWhatConnectionsSaid() {
    PoolHealth health = health(NO_SLOW_START, List.of("a"));
    probed(health, "a", PASSED);
    failConnects(health, 3);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
    probed(health, "a", PASSED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UP);
  }

  @Test
  void rampsUpAfterARecoveryOnly() {
    PoolHealth health = health(Duration.ofSeconds(100), List.of("a"));
    probed(health, "a", PASSED);
    assertThat(status(health).ramping()).isFalse();
    probed(health, "a", FAILED);
    probed(health, "a", FAILED);
    assertThat(status(health).rampShare()).isEqualTo(1);
    probed(health, "a", PASSED);
    assertThat(status(health).ramping()).isTrue();
    assertThat(status(health).rampShare()).isEqualTo(0.1);
    advance(Duration.ofSeconds(50));
    health.tick(now, WALL);
    assertThat(status(health).rampShare()).isCloseTo(0.55, Offset.offset(0.001));
    advance(Duration.ofSeconds(50));
    health.tick(now, WALL);
    assertThat(status(health).ramping()).isFalse();
    assertThat(status(health).rampShare()).isEqualTo(1);
  }

  @Test
  void keepsTheAdministratorsWishApartFromHealth() {
    PoolHealth health = health(NO_SLOW_START, List.of("a"));
    assertThat(health.administer("ex1", AdminState.DRAINING, now, WALL)).hasSize(1);
    probed(health, "a", FAILED);
    assertThat(status(health).admin()).isEqualTo(AdminState.DRAINING);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
    assertThat(status(health).work()).isEqualTo(MemberStatus.Work.NONE);
  }

  @Test
  void handsOutEachProbeOnceWhenItIsDue() {
    PoolHealth health = health(NO_SLOW_START, List.of("a", "b"));
    advance(Duration.ofSeconds(1));
    List<ProbeOrder> due = health.takeDue(now);
    assertThat(due).extracting(order -> order.monitor().name()).containsExactly("a", "b");
    assertThat(health.takeDue(now)).isEmpty();
    assertThat(health.nextTickNanos(now)).isEmpty();
    health.probed(due.getFirst(), PASSED, now, WALL);
    assertThat(health.nextTickNanos(now).orElseThrow() - now)
        .isBetween(Duration.ofSeconds(1).toNanos(), Duration.ofSeconds(10).toNanos());
    advance(Duration.ofSeconds(10));
    assertThat(health.takeDue(now)).containsExactly(due.getFirst());
  }

  @Test
  void reconfigurationKeepsWhatDidNotChange() {
    PoolHealth health = health(NO_SLOW_START, List.of("a"));
    probed(health, "a", FAILED);
    health.administer("ex1", AdminState.DRAINING, now, WALL);
    MemberStatus before = status(health);
    Pool same =
        Monitors.pool(
            NO_SLOW_START,
            List.of("a"),
            Monitors.member("ex1", 25, AdminState.ENABLED),
            Monitors.member("ex2", 26, AdminState.DISABLED));
    assertThat(health.reconfigure(same, MONITORS, PoolSources.AUTOMAP, now, WALL)).isEmpty();
    assertThat(status(health)).isEqualTo(before);
    assertThat(health.statuses()).containsOnlyKeys("ex1", "ex2");
    Pool edited =
        Monitors.pool(NO_SLOW_START, List.of("a"), Monitors.member("ex1", 25, AdminState.DISABLED));
    assertThat(health.reconfigure(edited, MONITORS, PoolSources.AUTOMAP, now, WALL)).hasSize(1);
    assertThat(status(health).admin()).isEqualTo(AdminState.DISABLED);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
  }

  @Test
  void aMemberWithAnotherAddressStartsAnew() {
    PoolHealth health = health(NO_SLOW_START, List.of("a"));
    ProbeOrder old = health.orders("ex1").getFirst();
    health.probed(old, FAILED, now, WALL);
    Pool moved =
        Monitors.pool(
            NO_SLOW_START, List.of("a"), Monitors.member("ex1", 2525, AdminState.ENABLED));
    health.reconfigure(moved, MONITORS, PoolSources.AUTOMAP, now, WALL);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    assertThat(health.has(old)).isFalse();
    assertThat(health.probed(old, FAILED, now, WALL)).isEmpty();
  }

  @Test
  void aMemberWithOtherTlsIsAskedAnewAndAnOldResultIsIgnored() {
    PoolHealth health = health(NO_SLOW_START, List.of("a"));
    probed(health, "a", FAILED);
    ProbeOrder old = health.orders("ex1").getFirst();
    Member named =
        new Member(
            "ex1", old.address(), 1, 0, 0, AdminState.ENABLED, null, true, "ex1.contoso.com");
    health.reconfigure(
        Monitors.pool(NO_SLOW_START, List.of("a"), named),
        MONITORS,
        PoolSources.AUTOMAP,
        now,
        WALL);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.UNKNOWN);
    assertThat(health.probed(old, FAILED, now, WALL)).isEmpty();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(health.takeDue(now))
        .singleElement()
        .satisfies(order -> assertThat(order.tlsName()).isEqualTo("ex1.contoso.com"));
  }

  @Test
  void anAddedMonitorLeavesTheOthersAlone() {
    PoolHealth health = health(NO_SLOW_START, List.of("a"));
    probed(health, "a", FAILED);
    Pool more =
        Monitors.pool(
            NO_SLOW_START, List.of("a", "b"), Monitors.member("ex1", 25, AdminState.ENABLED));
    health.reconfigure(more, MONITORS, PoolSources.AUTOMAP, now, WALL);
    assertThat(status(health).effective()).isEqualTo(EffectiveState.DOWN);
  }
}
