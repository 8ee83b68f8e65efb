package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Who may connect from a client's own address. */
class TransparentRightTest {
  private static final long NET_ADMIN_OR_RAW = (1L << 12) | (1L << 13);

  @Test
  void isGivenToWhoeverHasOneOfTheCapabilities() throws IOException {
    long effective =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
            .findFirst()
            .orElseThrow();

    assertThat(TransparentRight.isGiven()).isEqualTo((effective & NET_ADMIN_OR_RAW) != 0);
  }
}
