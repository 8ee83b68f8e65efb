package io.posthouse.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the ports run out. */
class PortTrendTest {
  private static final long STEP = Duration.ofSeconds(5).toNanos();

  // Near its end, so that whoever compares readings instead of differences is found out.
  private static final long ORIGIN = Long.MAX_VALUE - 3 * STEP;

  private final PortTrend trend = new PortTrend();
  private long now = ORIGIN;

  @Test
  void steadyGrowthReachesTheEndInProportion() {
    for (int used = 0; used <= 10_000; used += 500) {
      add(used);
    }

    assertThat(trend.exhaustedIn(28_000)).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void nothingIsForetoldFromTooShortATime() {
    add(0);
    add(1000);
    add(2000);

    assertThat(trend.exhaustedIn(28_000)).isNull();
  }

  @Test
  void nothingIsForetoldWhereItShrinksOrStands() {
    for (int i = 0; i < 20; i++) {
      add(100);
    }
    assertThat(trend.exhaustedIn(28_000)).isNull();
    add(50);
    assertThat(trend.exhaustedIn(28_000)).isNull();
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    add(27_000);
    for (int i = 0; i <= 40; i++) {
      add(i * 100);
    }

    assertThat(trend.exhaustedIn(8_000)).isEqualTo(Duration.ofSeconds(200));
  }

  @Test
  void aForecastOfDaysIsNone() {
    for (int i = 0; i <= 20; i++) {
      add(i / 20);
    }

    assertThat(trend.exhaustedIn(28_000)).isNull();
  }

  @Test
  void countsWhatCameBackLately() {
    for (int i = 0; i <= 20; i++) {
      trend.add(now, 0, i * 10L);
      now += STEP;
    }

    // Six steps ago, the newest look that is 30 s old, it was 150.
    assertThat(trend.returnedWithin(Duration.ofSeconds(30).toNanos(), now, 230)).isEqualTo(80);
  }

  @ParameterizedTest
  @CsvSource({"0, 1 s", "40, 40 s", "180, 3 min", "7200, 2 h"})
  void saysItInWords(long seconds, String words) {
    assertThat(PortTrend.phrase(Duration.ofSeconds(seconds)))
        .isEqualTo("about " + words + " at this rate");
  }

  private void add(int used) {
    trend.add(now, used, 0);
    now += STEP;
  }
}
