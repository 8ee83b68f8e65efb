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
         garbage-first heap   total reserved 524288K, committed 65536K, used 8123K [0x00000000e0000000, 0x0000000100000000)
          region size 1024K, 2 young (2048K), 0 survivors (0K)
         Metaspace       used 11111K, committed 11456K, reserved 1114112K
        """;

    assertThat(JavaHeap.parse(text))
        .isEqualTo(new JavaHeap(8_123L * 1024, 0xe000_0000L, 0x1_0000_0000L));
  }

  @Test
  void addsTheGenerationsOfSerial() {
    String text =
        """
        4711:
         DefNew     total 19648K, used 100K [0x00000000e0000000, 0x00000000e1550000, 0x00000000eaaa0000)
          eden space 17472K,   1% used [0x00000000e0000000, 0x00000000e0019000, 0x00000000e1110000)
         Tenured    total 43712K, used 900K [0x00000000eaaa0000, 0x00000000ed550000, 0x0000000100000000)
         Metaspace       used 11111K, committed 11456K, reserved 1114112K
          class space    used 1000K [0x0000000200000000, 0x0000000300000000)
        """;

    assertThat(JavaHeap.parse(text))
        .isEqualTo(new JavaHeap(1_000L * 1024, 0xe000_0000L, 0x1_0000_0000L));
  }

  @Test
  void whatIsHeldLeavesTheFreeHeapOut() {
    assertThat(new Balancer.Memory(100, 60, 25).held()).isEqualTo(65);
    assertThat(new Balancer.Memory(100, 0, 0).held()).isEqualTo(100);
  }
}
