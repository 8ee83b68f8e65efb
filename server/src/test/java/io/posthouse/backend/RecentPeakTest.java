package io.posthouse.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentPeakTest {
  private static final long WINDOW = 10;

  private final RecentPeak peak = new RecentPeak();
  private long now = Long.MAX_VALUE - 15; // Clocks may wrap.

  private int after(long nanos) {
    now += nanos;
    return peak.value(now, WINDOW);
  }

  @Test
  void aPeakIsRememberedForOneWindowAtLeastAndTwoAtMost() {
    assertThat(after(0)).isZero();
    peak.reached(7);
    peak.reached(3);
    assertThat(after(9)).isEqualTo(7);
    assertThat(after(9)).isEqualTo(7);
    peak.reached(4);
    assertThat(after(9)).as("the window with 7 is over").isEqualTo(7);
    assertThat(after(10)).isEqualTo(4);
    assertThat(after(10)).isZero();
  }

  @Test
  void whatWasLongAgoIsForgottenAtOnce() {
    after(0);
    peak.reached(7);
    assertThat(after(20)).isZero();
  }
}
