package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScopePressureTest {
  private static final MailCounts REFUSED = MailCounts.refused("452 4.3.1 no space");

  // The clock's origin is arbitrary: near its end, differences must still be right.
  private long now = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();
  private final ScopePressure scope = new ScopePressure();

  private void advance(Duration time) {
    now += time.toNanos();
    scope.tick(now);
  }

  private void refused(int times) {
    for (int i = 0; i < times; i++) {
      scope.record(REFUSED, now);
    }
  }

  private void accepted() {
    scope.record(MailCounts.ACCEPTED, now);
  }

  /** One window with so many messages, spread so that no three in a row are refused. */
  private void window(int accepted, int refused) {
    scope.record(new MailCounts(accepted, refused, 0, refused == 0 ? "" : "452 4.3.1"), now);
    advance(ScopePressure.WINDOW);
  }

  private double share() {
    return scope.pressure().share();
  }

  private void fallOut() {
    refused(ScopePressure.IN_A_ROW);
  }

  private void passTrial() {
    advance(scope.pressure().outFor());
    accepted();
  }

  private void settle() {
    for (int i = 0; i < 100 && scope.isTicking(); i++) {
      advance(ScopePressure.WINDOW);
    }
  }

  @Test
  void threeRefusalsInARowTakeItOutForTenSecondsAndTwoDoNot() {
    refused(2);
    accepted();
    refused(2);
    assertThat(share()).isEqualTo(1);

    refused(1);

    assertThat(scope.pressure().isOut()).isTrue();
    assertThat(scope.pressure().outFor()).isEqualTo(Duration.ofSeconds(10));
    assertThat(scope.pressure().trial()).isZero();
    assertThat(scope.pressure().refused()).isEqualTo(5);
    assertThat(scope.pressure().messages()).isEqualTo(6);
  }

  @Test
  void aRowGoesOnFromOneLetterToTheNext() {
    scope.record(new MailCounts(4, 3, 1, "452 4.3.1"), now);
    scope.record(new MailCounts(0, 1, 1, "452 4.3.1"), now);
    assertThat(share()).isEqualTo(1);
    advance(Duration.ofMinutes(1));
    refused(1);
    assertThat(scope.pressure().isOut()).isTrue();
  }

  @Test
  void whatWasUnderWayWhenItFellOutDecidesNothing() {
    fallOut();
    accepted();
    refused(5);
    assertThat(scope.pressure().isOut()).isTrue();
    assertThat(scope.pressure().outFor()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void afterItsTimeOneMessageIsItsTrialAndSuccessEndsIt() {
    fallOut();
    advance(Duration.ofMillis(9_999));
    assertThat(scope.pressure().trial()).isZero();
    advance(Duration.ofMillis(1));
    assertThat(scope.pressure().trial()).isEqualTo(1);
    assertThat(scope.pressure().isOut()).isTrue();

    accepted();

    assertThat(share()).isEqualTo(ScopePressure.STEP);
  }

  @Test
  void eachFailedTrialDoublesTheTimeUpToFiveMinutes() {
    fallOut();
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      times.add(scope.pressure().outFor().toSeconds());
      advance(scope.pressure().outFor());
      refused(1);
    }
    assertThat(times).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
  }

  @Test
  void aTrialThatNeverReportsGivesWayToTheNextAfterAMinute() {
    fallOut();
    advance(Duration.ofSeconds(10));
    advance(Duration.ofSeconds(59));
    assertThat(scope.pressure().trial()).isEqualTo(1);
    advance(Duration.ofSeconds(1));
    assertThat(scope.pressure().trial()).isEqualTo(2);
  }

  @Test
  void aTrialThatEndsUndecidedGivesWayAtOnceAndAnOlderOneDoesNot() {
    fallOut();
    advance(Duration.ofSeconds(10));
    scope.undecided(1, now);
    assertThat(scope.pressure().trial()).isEqualTo(2);
    scope.undecided(1, now);
    assertThat(scope.pressure().trial()).isEqualTo(2);
    accepted();
    scope.undecided(2, now);
    assertThat(scope.pressure().isOut()).isFalse();
  }

  @Test
  void afterATrialItGrowsBackByAQuarterPerCalmWindow() {
    fallOut();
    passTrial();
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      shares.add(share());
      window(20, 1);
    }
    assertThat(shares).containsExactly(0.25, 0.5, 0.75, 1.0);
    assertThat(scope.pressure()).isEqualTo(Pressure.NONE);
  }

  @Test
  void itRecoversWithoutAnyMail() {
    fallOut();
    passTrial();
    settle();
    assertThat(share()).isEqualTo(1);
    assertThat(scope.isTicking()).isFalse();
  }

  @Test
  void tooMuchRefusedHalvesTheShareOncePerWindowAndNeverToNothing() {
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      window(8, 2);
      shares.add(share());
    }
    assertThat(shares).containsExactly(0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0625);
    assertThat(scope.pressure().refused()).isEqualTo(2);
    assertThat(scope.pressure().messages()).isEqualTo(10);
  }

  @Test
  void aTenthRefusedOrTooFewMessagesHalveNothing() {
    window(18, 2);
    window(7, 2);
    assertThat(share()).isEqualTo(1);
    window(8, 2);
    window(4, 1);
    assertThat(share()).as("not calm, and not enough to judge").isEqualTo(0.5);
  }

  @Test
  void aRelapseAfterGrowthTakesMoreCalmWindowsForTheNextStep() {
    window(8, 2);
    window(10, 0);
    window(8, 2);
    assertThat(share()).isEqualTo(0.375);
    window(10, 0);
    assertThat(share()).isEqualTo(0.375);
    window(10, 0);
    assertThat(share()).isEqualTo(0.625);
  }

  @Test
  void whoFallsOutAgainBeforeItHasSettledStaysOutLonger() {
    fallOut();
    passTrial();
    fallOut();
    assertThat(scope.pressure().outFor()).isEqualTo(Duration.ofSeconds(20));
    passTrial();
    settle();
    fallOut();
    assertThat(scope.pressure().outFor())
        .as("after a calm minute")
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aLongPauseIsCaughtUpInOneTick() {
    window(8, 2);
    advance(Duration.ofDays(30));
    assertThat(share()).isEqualTo(1);
    assertThat(scope.isTicking()).isFalse();
  }

  /** Whatever comes: a share between 0 and 1, at most one change per window, and a way back. */
  @Test
  void anyMailLeavesASoundStateAndAlwaysAWayBack() {
    for (long seed = 0; seed < 300; seed++) {
      ScopePressure any = new ScopePressure();
      SplittableRandom random = new SplittableRandom(seed);
      long time = random.nextLong();
      for (int step = 0; step < 500; step++) {
        time += random.nextLong(Duration.ofSeconds(random.nextInt(1, 40)).toNanos());
        int refused = random.nextInt(4);
        int inARow = refused == 0 ? 0 : random.nextInt(refused + 1);
        any.record(new MailCounts(random.nextInt(30), refused, inARow, "452"), time);
        assertThat(any.pressure().share()).as("seed " + seed).isBetween(0.0, 1.0);
      }
      for (int i = 0; i < 60; i++) {
        time += Duration.ofSeconds(10).toNanos();
        any.record(MailCounts.ACCEPTED, time);
      }
      assertThat(any.pressure()).as("seed " + seed).isEqualTo(Pressure.NONE);
    }
  }
}
