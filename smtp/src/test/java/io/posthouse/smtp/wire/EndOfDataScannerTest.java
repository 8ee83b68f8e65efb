package io.posthouse.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.wire.EndOfDataScanner.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfDataScannerTest {
  private static final String ALPHABET = "\r\n.a";

  @Test
  void onlyExactFramingEndsData() {
    // Every body of up to 8 octets over the four that matter, against the definition itself.
    for (int length = 1; length <= 8; length++) {
      for (int code = 0; code < 1 << (2 * length); code++) {
        String body = body(code, length);
        assertThat(scan(body)).as(show(body)).isEqualTo(reference(body));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n.\n",
        "a\n.\r\n",
        "a\r.\r",
        "a\r.\r\n",
        "a\r\n.\r",
        "a\r\n.\n",
        "a\n.\r",
        "a\r.\n",
        "a\r\n\0.\r\n",
        "a\r\n.\0\r\n",
        "a\r\n.\r\r\n",
        "a\r\r\n.\r\n",
        "a\n\n.\r\n"
      })
  void smugglingEndingsEndNothing(String body) {
    assertThat(scan(body)).doesNotContain("END");
  }

  @Test
  void anEmptyMessageIsDotAlone() {
    assertThat(scan(".\r\n")).isEqualTo("END@3");
  }

  @Test
  void aNulBehindADotThatBeginsALineIsRefused() {
    assertThat(scan(".\0")).isEqualTo("BARE@2");
    assertThat(scan("a\r\n.\0\r\n")).isEqualTo("BARE@5");
    assertThat(scan("a\r\n..\0\r\na.\0\r\n\0.\r\n.\r\n")).startsWith("END");
  }

  @Test
  void octetsInMidLineChangeNothing() {
    EndOfDataScanner scanner = new EndOfDataScanner();
    scanner.accept((byte) 'a');
    for (int octet = -128; octet < 128; octet++) {
      if (octet != '\r' && octet != '\n') {
        assertThat(scanner.isMidLine()).isTrue();
        assertThat(scanner.accept((byte) octet)).isEqualTo(Step.MORE);
      }
    }
  }

  static String scan(String body) {
    EndOfDataScanner scanner = new EndOfDataScanner();
    for (int i = 0; i < body.length(); i++) {
      Step step = scanner.accept((byte) body.charAt(i));
      if (step != Step.MORE) {
        return (step == Step.END ? "END@" : "BARE@") + (i + 1);
      }
    }
    return "MORE";
  }

  /**
   * The definition: the first CR LF . CR LF, unless a bare CR or LF, or CR LF . NUL, comes before
   * its end.
   */
  static String reference(String body) {
    String framed = "\r\n" + body;
    int at = framed.indexOf("\r\n.\r\n");
    int end = at < 0 ? Integer.MAX_VALUE : at + 5 - 2;
    int bare = Integer.MAX_VALUE;
    for (int i = 0; i < body.length() && bare == Integer.MAX_VALUE; i++) {
      char c = body.charAt(i);
      if (c == '\n' && (i == 0 || body.charAt(i - 1) != '\r')) {
        bare = i + 1;
      } else if (i > 0 && body.charAt(i - 1) == '\r' && c != '\n') {
        bare = i + 1;
      } else if (c == '\0' && framed.startsWith("\r\n.", i - 1)) {
        bare = i + 1;
      }
    }
    if (end <= bare && end != Integer.MAX_VALUE) {
      return "END@" + end;
    }
    return bare == Integer.MAX_VALUE ? "MORE" : "BARE@" + bare;
  }

  private static String body(int code, int length) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < length; i++) {
      body.append(ALPHABET.charAt((code >> (2 * i)) & 3));
    }
    return body.toString();
  }

  private static String show(String body) {
    return body.replace("\r", "<CR>").replace("\n", "<LF>");
  }
}
