package io.posthouse.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.posthouse.proxyprotocol.HeaderVerdict.Announced;

class HeaderReaderFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void anyOctetsAreABoundedHeaderOrRefused(byte[] octets) {
    HeaderReader reader = new HeaderReader();
    HeaderVerdict verdict = null;
    int taken = 0;
    while (verdict == null && taken < octets.length) {
      verdict = reader.accept(octets[taken++]);
    }
    assertThat(verdict != null || taken < HeaderReader.MAX_V2).isTrue();
    if (verdict instanceof Announced announced) {
      assertThat(HeaderReaderTest.read(announced.header().v1())).isEqualTo(verdict);
      assertThat(HeaderReaderTest.read(announced.header().v2())).isEqualTo(verdict);
    }
  }
}
