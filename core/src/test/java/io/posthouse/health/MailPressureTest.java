package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MailPressureTest {
  private static final MailCounts REFUSED = MailCounts.refused("452 4.3.1 no space");

  private final MailPressure mail = new MailPressure();
  private long now;

  private void refused(SenderScope scope, int times) {
    for (int i = 0; i < times; i++) {
      mail.record(scope, REFUSED, now);
    }
  }

  private Pressure inside() {
    return mail.pressure(SenderScope.INSIDE);
  }

  private Pressure outside() {
    return mail.pressure(SenderScope.OUTSIDE);
  }

  @Test
  void refusalsOfOutsideSendersLeaveInsideOnesAlone() {
    refused(SenderScope.OUTSIDE, 3);
    mail.record(SenderScope.INSIDE, MailCounts.ACCEPTED, now);
    assertThat(outside().isOut()).isTrue();
    assertThat(inside()).isEqualTo(Pressure.NONE);
  }

  @Test
  void refusalsOfInsideSendersAreForAll() {
    refused(SenderScope.INSIDE, 3);
    assertThat(inside().isOut()).isTrue();
    assertThat(outside().isOut()).isTrue();
  }

  @Test
  void anInsideSuccessProvesNothingForOutsideSenders() {
    refused(SenderScope.OUTSIDE, 2);
    mail.record(SenderScope.INSIDE, MailCounts.ACCEPTED, now);
    refused(SenderScope.OUTSIDE, 1);
    assertThat(outside().isOut()).isTrue();
  }

  @Test
  void anOutsideSuccessEndsTheTrialOfBothScopes() {
    refused(SenderScope.INSIDE, 3);
    now += Duration.ofSeconds(10).toNanos();
    mail.record(SenderScope.OUTSIDE, MailCounts.ACCEPTED, now);
    assertThat(outside().isOut()).isFalse();
    assertThat(inside().isOut()).isFalse();
  }

  @Test
  void eachScopeHasItsOwnTrial() {
    refused(SenderScope.INSIDE, 3);
    now += Duration.ofSeconds(10).toNanos();
    mail.tick(now);
    mail.undecided(SenderScope.INSIDE, 1, now);
    assertThat(inside().trial()).isEqualTo(2);
    assertThat(outside().trial()).isEqualTo(1);
    mail.record(SenderScope.INSIDE, MailCounts.ACCEPTED, now);
    assertThat(inside().isOut()).isFalse();
    assertThat(outside().isOut()).isTrue();
  }

  @Test
  void countsOfTwoLettersAreThoseOfOne() {
    MailCounts both = REFUSED.then(MailCounts.ACCEPTED).then(REFUSED).then(REFUSED);
    assertThat(both).isEqualTo(new MailCounts(1, 3, 2, "452 4.3.1 no space"));
  }
}
