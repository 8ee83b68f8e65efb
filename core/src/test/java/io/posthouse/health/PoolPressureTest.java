package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.MemberStatus.Work;
import io.posthouse.model.AdminState;
import io.posthouse.model.Member;
import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.policy.PoolSources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pressure from real mail, as it shows in the statuses of a pool. */
class PoolPressureTest {
  private static final Instant WALL = Instant.parse("2026-11-22T12:00:00Z");
  private static final String REPLY = "452 4.3.1 Insufficient system resources";
  private static final Map<String, Monitor> MONITORS = Map.of("a", Monitors.monitor("a", 1, 2));

  private long now = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

  private PoolHealth pool(int members) {
    return pool(List.of(), members);
  }

  private PoolHealth pool(List<String> monitors, int members) {
    return new PoolHealth(config(monitors, members), MONITORS, PoolSources.AUTOMAP, now, WALL);
  }

  private static Pool config(List<String> monitors, int members) {
    Member[] all =
        IntStream.rangeClosed(1, members)
            .mapToObj(i -> Monitors.member("ex" + i, 24 + i, AdminState.ENABLED))
            .toArray(Member[]::new);
    return Monitors.pool(Duration.ZERO, monitors, all);
  }

  private static MemberStatus of(PoolHealth pool, String member) {
    return Objects.requireNonNull(pool.statuses().get(member));
  }

  private List<MemberChange> refuse(PoolHealth pool, String member, SenderScope scope) {
    MailCounts three = new MailCounts(0, 3, 3, REPLY);
    return pool.mail(member, scope, three, now, WALL);
  }

  private List<MemberChange> accept(PoolHealth pool, String member, SenderScope scope) {
    return pool.mail(member, scope, MailCounts.ACCEPTED, now, WALL);
  }

  private List<MemberChange> advance(PoolHealth pool, int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
    return pool.tick(now, WALL);
  }

  private void probed(PoolHealth pool, String member, ProbeResult result) {
    for (ProbeOrder order : pool.orders(member)) {
      pool.probed(order, result, now, WALL);
    }
  }

  @Test
  void outsidePressureSaysSoWithItsNumbersAndLeavesInsideSendersTheirMember() {
    PoolHealth pool = pool(3);
    assertThat(refuse(pool, "ex1", SenderScope.OUTSIDE)).hasSize(1);
    MemberStatus status = of(pool, "ex1");
    assertThat(status.effective()).isEqualTo(EffectiveState.PRESSURE);
    assertThat(status.work()).as("of links").isEqualTo(Work.LAST_RESORT);
    assertThat(status.work(SenderScope.OUTSIDE)).isEqualTo(Work.LAST_RESORT);
    assertThat(status.work(SenderScope.INSIDE)).isEqualTo(Work.NEW);
    assertThat(status.reason())
        .isEqualTo(
            "real mail: 3 of the last 3 outside messages refused for pressure (last: "
                + REPLY
                + "), out for 10 s, then one message is its trial");
  }

  @Test
  void aTrialAndWhatFollowsAreTold() {
    PoolHealth pool = pool(3);
    refuse(pool, "ex1", SenderScope.OUTSIDE);
    assertThat(advance(pool, 10)).hasSize(1);
    assertThat(of(pool, "ex1").outside().trial()).isEqualTo(1);
    assertThat(of(pool, "ex1").reason()).endsWith("the next outside message is its trial");
    accept(pool, "ex1", SenderScope.OUTSIDE);
    assertThat(of(pool, "ex1").reason())
        .isEqualTo(
            "real mail: 1 outside message accepted, none refused, last before: "
                + REPLY
                + ", weight 25 %");
    advance(pool, 30);
    assertThat(of(pool, "ex1").effective()).isEqualTo(EffectiveState.UNKNOWN);
    assertThat(of(pool, "ex1").outside()).isEqualTo(Pressure.NONE);
  }

  @Test
  void aHalvedWeightIsToldWithTheWindowThatHalvedIt() {
    PoolHealth pool = pool(3);
    pool.mail("ex1", SenderScope.INSIDE, new MailCounts(7, 3, 1, REPLY), now, WALL);
    advance(pool, 10);
    assertThat(of(pool, "ex1").reason())
        .isEqualTo(
            "real mail: 3 of the last 10 messages refused for pressure (last: "
                + REPLY
                + "), weight 50 %");
    assertThat(of(pool, "ex1").work(SenderScope.OUTSIDE)).isEqualTo(Work.NEW);
  }

  @Test
  void messagesAloneChangeNoStatus() {
    PoolHealth pool = pool(2);
    for (int i = 0; i < 500; i++) {
      assertThat(accept(pool, "ex1", SenderScope.OUTSIDE)).isEmpty();
      pool.mail("ex2", SenderScope.OUTSIDE, new MailCounts(2, 1, 0, REPLY), now, WALL);
    }
    assertThat(of(pool, "ex2").outside()).isEqualTo(Pressure.NONE);
    assertThat(advance(pool, 10)).hasSize(1);
  }

  @Test
  void whatOneMemberLosesMayComeBackWhenAnotherGetsWorse() {
    PoolHealth pool = pool(2);
    refuse(pool, "ex1", SenderScope.OUTSIDE);
    assertThat(of(pool, "ex1").outside().isOut()).isTrue();
    now += Duration.ofSeconds(10).toNanos();
    refuse(pool, "ex1", SenderScope.OUTSIDE); // a failed trial: out for 20 s
    List<MemberChange> changes = refuse(pool, "ex2", SenderScope.OUTSIDE);
    assertThat(changes).extracting(MemberChange::member).containsExactly("ex1", "ex2");
    for (String member : List.of("ex1", "ex2")) {
      assertThat(of(pool, member).outside().share()).isEqualTo(0.5);
      assertThat(of(pool, member).work(SenderScope.OUTSIDE)).isEqualTo(Work.NEW);
      assertThat(of(pool, member).effective()).isEqualTo(EffectiveState.PRESSURE);
      assertThat(of(pool, member).reason()).endsWith("weight 50 %, no less, as the pool needs it");
    }
  }

  @Test
  void aMemberThatGoesDownGivesTheRestBackItsWeight() {
    PoolHealth pool = pool(2);
    refuse(pool, "ex1", SenderScope.OUTSIDE);
    List<MemberChange> changes = List.of();
    for (int i = 0; i < 3; i++) {
      changes = pool.connectFailed("ex2", "connection refused", now, WALL);
    }
    assertThat(changes).extracting(MemberChange::member).containsExactly("ex1", "ex2");
    assertThat(of(pool, "ex1").work(SenderScope.OUTSIDE)).isEqualTo(Work.NEW);
    assertThat(of(pool, "ex2").work(SenderScope.OUTSIDE)).isEqualTo(Work.NONE);
  }

  @Test
  void aPoolOfOneKeepsItsMemberWhateverItRefuses() {
    PoolHealth pool = pool(1);
    refuse(pool, "ex1", SenderScope.INSIDE);
    assertThat(of(pool, "ex1").work(SenderScope.INSIDE)).isEqualTo(Work.NEW);
    assertThat(of(pool, "ex1").outside().share()).isEqualTo(1);
  }

  @Test
  void aProbeTakesAMemberOutOfTheScopesThatItSpeaksOf() {
    PoolHealth pool = pool(List.of("a"), 2);
    probed(pool, "ex2", Monitors.PASSED);
    probed(pool, "ex1", Monitors.PRESSURE);
    assertThat(of(pool, "ex1").work(SenderScope.OUTSIDE)).isEqualTo(Work.LAST_RESORT);
    assertThat(of(pool, "ex1").work(SenderScope.INSIDE)).isEqualTo(Work.NEW);
    assertThat(of(pool, "ex1").outside().trial()).as("the next probe decides").isZero();
    probed(
        pool, "ex1", new ProbeResult.Pressure(PressureScope.ALL, ProbeStep.INSIDE_SENDER, REPLY));
    assertThat(of(pool, "ex1").work(SenderScope.INSIDE)).isEqualTo(Work.LAST_RESORT);
    probed(pool, "ex1", Monitors.PASSED);
    assertThat(of(pool, "ex1").inside()).isEqualTo(Pressure.NONE);
    assertThat(of(pool, "ex1").effective()).isEqualTo(EffectiveState.UP);
  }

  @Test
  void probesAndMailAreToldTogether() {
    PoolHealth pool = pool(List.of("a"), 2);
    probed(pool, "ex1", Monitors.PRESSURE);
    refuse(pool, "ex1", SenderScope.INSIDE);
    assertThat(of(pool, "ex1").reason())
        .isEqualTo(
            "under pressure for outside senders: 452 4.3.1 Insufficient resources; real mail: 3 of"
                + " the last 3 messages refused for pressure (last: "
                + REPLY
                + ")");
  }

  @Test
  void aPassingProbeDoesNotHideWhatRealMailMeets() {
    PoolHealth pool = pool(List.of("a"), 2);
    refuse(pool, "ex1", SenderScope.OUTSIDE);
    probed(pool, "ex1", Monitors.PASSED);
    assertThat(of(pool, "ex1").effective()).isEqualTo(EffectiveState.PRESSURE);
  }

  @Test
  void oneClientAloneMovesNoState() {
    PoolHealth pool = pool(2);
    for (int i = 0; i < 1000; i++) {
      assertThat(pool.pressureFor("ex1", SenderScope.OUTSIDE, "421 4.3.2", 7, now, WALL)).isEmpty();
      assertThat(pool.failedFor("ex1", "no reply to MAIL in 60 s", 7, now, WALL)).isEmpty();
    }
  }

  @Test
  void threeClientsThatMeetA421AreThreeInARow() {
    PoolHealth pool = pool(2);
    for (long client = 0; client < 3; client++) {
      pool.pressureFor("ex1", SenderScope.OUTSIDE, "421 4.3.2 busy", client, now, WALL);
    }
    assertThat(of(pool, "ex1").outside().isOut()).isTrue();
    assertThat(of(pool, "ex1").inside()).isEqualTo(Pressure.NONE);
  }

  @Test
  void threeClientsThatSeeItHangTakeItDownUnlessItTakesMailInBetween() {
    PoolHealth pool = pool(2);
    for (long client = 0; client < 5; client++) {
      pool.failedFor("ex1", "no reply to MAIL in 60 s", client, now, WALL);
      if (client == 1) {
        accept(pool, "ex1", SenderScope.OUTSIDE);
      }
      EffectiveState due = client < 4 ? EffectiveState.UNKNOWN : EffectiveState.DOWN;
      assertThat(of(pool, "ex1").effective()).as("client " + client).isEqualTo(due);
    }
    assertThat(of(pool, "ex1").reason())
        .isEqualTo("3 clients saw it fail, last: no reply to MAIL in 60 s");
    advance(pool, 10);
    assertThat(of(pool, "ex1").work()).as("on trial").isEqualTo(Work.NEW);
  }

  @Test
  void whoFailedWithMailInItsHandsIsNotUpAgainBecauseAProbeConnects() {
    PoolHealth pool = pool(List.of("a"), 2);
    probed(pool, "ex1", new ProbeResult.Passed("connected"));
    for (long client = 0; client < 3; client++) {
      pool.failedFor("ex1", "lost at final-reply", client, now, WALL);
    }
    probed(pool, "ex1", new ProbeResult.Passed("connected"));
    pool.connectSucceeded("ex1", now, WALL);
    assertThat(of(pool, "ex1").effective()).isEqualTo(EffectiveState.DOWN);
    advance(pool, 3600);
    assertThat(of(pool, "ex1").effective()).isEqualTo(EffectiveState.UP);
  }

  @Test
  void aReloadKeepsWhatIsKnownOfAMemberThatStays() {
    PoolHealth pool = pool(2);
    refuse(pool, "ex1", SenderScope.OUTSIDE);
    assertThat(pool.reconfigure(config(List.of(), 3), MONITORS, PoolSources.AUTOMAP, now, WALL))
        .isEmpty();
    assertThat(of(pool, "ex1").outside().isOut()).isTrue();
  }

  @Test
  void theOwnerIsWokenForEachStepAndNotAfterTheLast() {
    PoolHealth pool = pool(2);
    assertThat(pool.nextTickNanos(now)).isEmpty();
    refuse(pool, "ex1", SenderScope.OUTSIDE);
    assertThat(pool.nextTickNanos(now)).hasValue(now + Duration.ofSeconds(10).toNanos());
    advance(pool, 10);
    accept(pool, "ex1", SenderScope.OUTSIDE);
    for (int i = 0; i < 20 && pool.nextTickNanos(now).isPresent(); i++) {
      now = pool.nextTickNanos(now).getAsLong();
      pool.tick(now, WALL);
    }
    assertThat(pool.nextTickNanos(now)).isEmpty();
  }
}
