package io.posthouse.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcTest {

  private static final String TAIL =
      " S 1 100 100 0 -1 4194560 1000 0 2 0 250 130 7 9 20 0 3 0 1234 1000000 500 1844674407370955";

  @Test
  void readsTimesOfAProcess() {
    ProcStat stat = ProcStat.parse("4711 (haproxy)" + TAIL);

    assertThat(stat).isEqualTo(new ProcStat("haproxy", 250, 130));
    assertThat(stat.seconds()).isEqualTo(3.8, within(1e-9));
  }

  @Test
  void aNameMayHoldSpacesAndParentheses() {
    assertThat(ProcStat.parse("1 (a) S (b) R)" + TAIL))
        .isEqualTo(new ProcStat("a) S (b) R", 250, 130));
  }

  @Test
  void refusesWhatIsNoStatLine() {
    assertThatThrownBy(() -> ProcStat.parse("4711 haproxy S 1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ProcStat.parse("4711 (haproxy) S 1 2"))
        .hasMessageContaining("too few");
  }

  @Test
  void readsItsOwnProcess() throws IOException {
    ProcStat stat = ProcStat.of(ProcessHandle.current().pid());

    assertThat(stat.command()).isEqualTo("java");
    assertThat(stat.seconds()).isPositive();
    assertThat(ResidentMemory.bytes(ProcessHandle.current().pid())).isGreaterThan(1 << 20);
    assertThat(MachineCpu.now().totalTicks()).isPositive();
  }

  @Test
  void machineTimeLeavesIdleAndWaitingOut() {
    MachineCpu before = MachineCpu.parse("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3 4\n");
    MachineCpu after = MachineCpu.parse("cpu  160 0 70 815 53 1 1 0 60 0\ncpu0 1 2 3 4\n");

    assertThat(before).isEqualTo(new MachineCpu(150, 1000));
    // 82 of 100 ticks were busy; the guest column is part of the user column and counts once.
    assertThat(after.busyShareSince(before)).isEqualTo(0.82, within(1e-9));
    assertThat(after.busyShareSince(after)).isZero();
  }

  @Test
  void refusesAnotherFileThanProcStat() {
    assertThatThrownBy(() -> MachineCpu.parse("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MachineCpu.parse("cpu0 1 2 3 4"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsResidentMemory() {
    String text =
        """
        55d0c0a00000-7ffc4a1fd000 ---p 00000000 00:00 0                          [rollup]
        Rss:               12345 kB
        Pss:                9876 kB
        """;

    assertThat(ResidentMemory.parse(text)).isEqualTo(12_345L * 1024);
    assertThatThrownBy(() -> ResidentMemory.parse("Pss: 1 kB"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void addsTheMappingsWithinARange() {
    String smaps =
        """
        e0000000-e1550000 rw-p 00000000 00:00 0
        Rss:                 100 kB
        Pss:                 100 kB
        eaaa0000-ed550000 rw-p 00000000 00:00 0
        Rss:                  20 kB
        7ffc4a1dc000-7ffc4a1fd000 rw-p 00000000 00:00 0                  [stack]
        Rss:                   3 kB
        """;

    assertThat(ResidentMemory.parseBetween(smaps, 0xe000_0000L, 0x1_0000_0000L))
        .isEqualTo(120 * 1024);
    assertThat(ResidentMemory.parseBetween(smaps, 0, 0x1000)).isZero();
  }
}
