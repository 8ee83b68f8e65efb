package io.posthouse.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many source ports the kernel's settings leave. */
class PortSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          32768	60999 | '' | 28232
          20000	20099 | '' | 100
          20000	20099 | 20000-20009 | 90
          20000	20099 | 8080,19990-20004,20099 | 94
          20000	20099 | 1-65535 | 1
          1024	65535 | '' | 64512
          """)
  void countsTheRangeWithoutWhatIsReserved(String range, String reserved, int capacity) {
    assertThat(PortSettings.capacity(range, reserved)).isEqualTo(capacity);
  }

  @Test
  void readsThoseOfThisMachine() {
    assertThat(PortSettings.ofMachine().capacity()).isBetween(2, 65_535);
  }
}
