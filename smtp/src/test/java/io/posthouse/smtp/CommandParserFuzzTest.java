package io.posthouse.smtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class CommandParserFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void anyLineKeepsTheLaws(byte[] octets) {
    CommandLaws.hold(new String(octets, StandardCharsets.ISO_8859_1));
  }
}
