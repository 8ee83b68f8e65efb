package io.posthouse.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.posthouse.smtp.wire.EndOfDataScanner.Step;
import java.nio.charset.StandardCharsets;

class ScannerFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void endOfDataIsWhatItsDefinitionSays(byte[] octets) {
    String body = new String(octets, StandardCharsets.ISO_8859_1);
    String defined = EndOfDataScannerTest.reference(body);
    assertThat(EndOfDataScannerTest.scan(body)).isEqualTo(defined);
    assertThat(skipping(octets)).isEqualTo(defined);
  }

  @FuzzTest(maxDuration = "1m")
  void linesAreWhatTheirDefinitionSays(byte[] octets) {
    String input = new String(octets, StandardCharsets.ISO_8859_1);
    assertThat(LineScannerTest.scan(input)).isEqualTo(LineScannerTest.definition(input));
    assertThat(LineScannerTest.scan(input, true))
        .isEqualTo(LineScannerTest.lenientDefinition(input));
  }

  @FuzzTest(maxDuration = "1m")
  void normalisedLineEndsAreWhatTheirDefinitionSays(byte[] octets) {
    String body = new String(octets, StandardCharsets.ISO_8859_1);
    LineEndNormaliserTest.check(body, true);
    LineEndNormaliserTest.check(body, false);
  }

  /** As a reader does that looks for the next CR or LF while it is in the middle of a line. */
  private static String skipping(byte[] octets) {
    EndOfDataScanner scanner = new EndOfDataScanner();
    for (int i = 0; i < octets.length; i++) {
      if (scanner.isMidLine() && octets[i] != '\r' && octets[i] != '\n') {
        continue;
      }
      Step step = scanner.accept(octets[i]);
      if (step != Step.MORE) {
        return (step == Step.END ? "END@" : "BARE@") + (i + 1);
      }
    }
    return "MORE";
  }
}
