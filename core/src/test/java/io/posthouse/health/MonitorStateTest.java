package io.posthouse.health;

import static io.posthouse.health.Monitors.FAILED;
import static io.posthouse.health.Monitors.INCONCLUSIVE;
import static io.posthouse.health.Monitors.NOT_RUN;
import static io.posthouse.health.Monitors.PASSED;
import static io.posthouse.health.Monitors.PRESSURE;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.policy.ProbeSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorStateTest {
  private static final long SECOND = 1_000_000_000;
  private static final Map<Character, ProbeResult> RESULTS =
      Map.of('P', PASSED, 'F', FAILED, 'O', PRESSURE, 'I', INCONCLUSIVE, 'N', NOT_RUN);

  private static MonitorState after(int rise, int fall, String results) {
    MonitorState state =
        new MonitorState(Monitors.monitor("m", rise, fall), ProbeSource.AUTOMAP, 0, 1);
    for (int i = 0; i < results.length(); i++) {
      state.record(RESULTS.getOrDefault(results.charAt(i), NOT_RUN), 0);
    }
    return state;
  }

  /** P passed, F failed, O pressure for outside senders, I inconclusive, N program not run. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          2, 3, -,           unknown
          2, 3, P,           up
          2, 3, F,           down
          2, 3, O,           pressure
          2, 3, I,           unknown
          2, 3, N,           unknown
          2, 3, IP,          up
          2, 3, IF,          down
          2, 3, PF,          up
          2, 3, PFF,         up
          2, 3, PFFF,        down
          2, 3, PFFPFF,      up
          2, 3, PFFIFF,      up
          2, 3, PFFNF,       down
          2, 3, PO,          pressure
          2, 3, OP,          pressure
          2, 3, OPP,         up
          2, 3, OPOP,        pressure
          2, 3, OFF,         pressure
          2, 3, OFFF,        down
          2, 3, FP,          down
          2, 3, FPP,         up
          2, 3, FPFP,        down
          2, 3, FO,          pressure
          2, 3, FI,          down
          2, 3, FII,         unknown
          2, 3, FIP,         up
          2, 3, FNNNN,       down
          2, 3, OII,         unknown
          2, 3, PI,          up
          2, 3, PIIIIIIIII,  up
          1, 1, PF,          down
          1, 1, PFP,         up
          1, 3, FI,          unknown
          """)
  void followsItsTable(int rise, int fall, String results, String expected) {
    assertThat(after(rise, fall, results.replace("-", "")).state())
        .isEqualTo(EffectiveState.valueOf(expected.toUpperCase(Locale.ROOT)));
  }

  @Test
  void inconclusiveResultsNeverTakeAMemberDown() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int run = 0; run < 500; run++) {
      MonitorState state =
          new MonitorState(
              Monitors.monitor("m", 1 + random.nextInt(3), 1 + random.nextInt(3)),
              ProbeSource.AUTOMAP,
              0,
              1);
      EffectiveState before = EffectiveState.UNKNOWN;
      for (int i = 0; i < 40; i++) {
        ProbeResult result = List.copyOf(RESULTS.values()).get(random.nextInt(RESULTS.size()));
        state.record(result, i);
        boolean wentDown = state.state() == EffectiveState.DOWN && before != EffectiveState.DOWN;
        assertThat(wentDown && !(result instanceof ProbeResult.Failed))
            .as("seed %d", seed)
            .isFalse();
        if (result instanceof ProbeResult.Pressure) {
          assertThat(state.state()).as("seed %d", seed).isEqualTo(EffectiveState.PRESSURE);
        }
        before = state.state();
      }
    }
  }

  @Test
  void waitsForDownTimeAfterAFailureThatLeftItDownAndElseForTheInterval() {
    MonitorState state = new MonitorState(Monitors.monitor("m", 2, 2), ProbeSource.AUTOMAP, 5, 1);
    assertThat(state.dueNanos()).isEqualTo(5);
    state.record(PASSED, 0);
    assertThat(state.dueNanos()).isEqualTo(10 * SECOND);
    state.record(FAILED, 10 * SECOND);
    assertThat(state.dueNanos()).isEqualTo(20 * SECOND);
    state.record(FAILED, 20 * SECOND);
    assertThat(state.dueNanos()).isEqualTo(50 * SECOND);
    state.record(FAILED, 50 * SECOND);
    assertThat(state.dueNanos()).isEqualTo(80 * SECOND);
    state.record(PASSED, 80 * SECOND);
    assertThat(state.state()).isEqualTo(EffectiveState.DOWN);
    assertThat(state.dueNanos()).isEqualTo(90 * SECOND);
  }

  @Test
  void cutsTheFirstIntervalToItsShare() {
    MonitorState state =
        new MonitorState(Monitors.monitor("m", 1, 3), ProbeSource.AUTOMAP, 0, 0.25);
    state.record(PASSED, 0);
    assertThat(state.dueNanos()).isEqualTo(2_500_000_000L);
    state.record(PASSED, 0);
    assertThat(state.dueNanos()).isEqualTo(10 * SECOND);
  }

  @Test
  void saysWhy() {
    assertThat(
            Stream.of("", "P", "PF", "F", "FP", "O", "PI")
                .map(results -> after(2, 3, results).reason()))
        .containsExactly(
            "waiting for the first probe of m",
            "m passes: hello",
            "m failed at banner: no answer in 5 s (1 of 3)",
            "m failed at banner: no answer in 5 s",
            "m passed 1 of 2 times needed",
            "under pressure for outside senders: 452 4.3.1 Insufficient resources",
            "m: monitor misconfigured: outside sender refused: 550 5.7.23");
  }
}
