package io.posthouse.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadingTest {

  @Test
  void readsTheHardLimitOfOpenFiles() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             95966                95966                processes
        Max open files            1024                 20000                files
        """;

    assertThat(OpenFiles.parseHardLimit(limits)).isEqualTo(20_000);
    assertThat(OpenFiles.parseHardLimit(limits.replace("20000", "unlimited"))).isEqualTo(1_000_000);
    assertThat(OpenFiles.parseHardLimit("")).isEqualTo(1_024);
  }

  @Test
  void readsTheHeapOfG1() {
    String text =
        """
        4711:
         garbage-first heap   total reserved 524288K, committed 65536K, used 8123K [0x00, 0x01)
          region size 1024K, 2 young (2048K), 0 survivors (0K)
         Metaspace       used 11111K, committed 11456K, reserved 1114112K
        """;

    assertThat(JavaHeap.parseUsed(text)).isEqualTo(8_123L * 1024);
  }

  @Test
  void addsTheGenerationsOfSerial() {
    String text =
        """
         def new generation   total 39296K, used 100K [0x00, 0x01)
          eden space 34944K,   2% used [0x00, 0x01)
         tenured generation   total 87424K, used 900K [0x00, 0x01)
         Metaspace       used 11111K, committed 11456K, reserved 1114112K
        """;

    assertThat(JavaHeap.parseUsed(text)).isEqualTo(1_000L * 1024);
  }
}
