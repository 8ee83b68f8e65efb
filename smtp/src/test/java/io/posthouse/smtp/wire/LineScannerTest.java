package io.posthouse.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.wire.LineScanner.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineScannerTest {
  private static final String ALPHABET = "\r\na\u0016";
  private static final int LIMIT = 4;

  @Test
  void onlyExactLineEndsEndALine() {
    // Every input of up to 8 octets over the four that matter, against the definition itself.
    for (int length = 1; length <= 8; length++) {
      for (int code = 0; code < 1 << (2 * length); code++) {
        String input = input(code, length);
        assertThat(scan(input)).as(show(input)).isEqualTo(definition(input));
      }
    }
  }

  @Test
  void aLineFeedAloneEndsALineWhereItMayAndACarriageReturnNever() {
    for (int length = 1; length <= 8; length++) {
      for (int code = 0; code < 1 << (2 * length); code++) {
        String input = input(code, length);
        assertThat(scan(input, true)).as(show(input)).isEqualTo(lenientDefinition(input));
      }
    }
  }

  @Test
  void anotherProtocolIsKnownByItsFirstOctet() {
    assertThat(scan("\u0016\u0003\u0001")).containsExactly("FOREIGN@1");
    assertThat(scan("\0")).containsExactly("FOREIGN@1");
    assertThat(scan("a\r\n\u0016")).containsExactly("LINE@3", "FOREIGN@4");
    assertThat(scan("\ta\r\n")).containsExactly("LINE@4");
    assertThat(scan("\u00e9\r\n")).containsExactly("LINE@3");
  }

  @Test
  void aLineWithoutAnEndIsAFlood() {
    LineScanner scanner = new LineScanner(LIMIT, false);
    for (int i = 0; i < LineScanner.FLOOD_OCTETS; i++) {
      assertThat(scanner.accept((byte) 'a')).isEqualTo(Step.MORE);
    }
    assertThat(scanner.accept((byte) 'a')).isEqualTo(Step.FLOOD);
  }

  /** Lines until something else comes, after which nobody listens. */
  static List<String> scan(String input) {
    return scan(input, false);
  }

  static List<String> scan(String input, boolean takesLineFeeds) {
    LineScanner scanner = new LineScanner(LIMIT, takesLineFeeds);
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < input.length(); i++) {
      Step step = scanner.accept((byte) input.charAt(i));
      if (step != Step.MORE) {
        steps.add(step + "@" + (i + 1));
      }
      if (step == Step.BARE || step == Step.FOREIGN) {
        break;
      }
    }
    return steps;
  }

  /** Lines are cut at CR LF; one with any other CR or LF, or a wrong first octet, is the last. */
  static List<String> definition(String input) {
    List<String> steps = new ArrayList<>();
    int start = 0;
    while (start < input.length()) {
      if (input.charAt(start) < ' ' && "\t\r\n".indexOf(input.charAt(start)) < 0) {
        steps.add("FOREIGN@" + (start + 1));
        return steps;
      }
      int end = input.indexOf("\r\n", start);
      int bare = bare(input, start);
      if (bare >= 0 && (end < 0 || bare < end + 2)) {
        steps.add("BARE@" + (bare + 1));
        return steps;
      }
      if (end < 0) {
        return steps;
      }
      steps.add((end + 2 - start <= LIMIT ? "LINE@" : "TOO_LONG@") + (end + 2));
      start = end + 2;
    }
    return steps;
  }

  /** Lines are cut at LF, with or without a CR before it; any other CR makes its line the last. */
  static List<String> lenientDefinition(String input) {
    List<String> steps = new ArrayList<>();
    int start = 0;
    while (start < input.length()) {
      if (input.charAt(start) < ' ' && "\t\r\n".indexOf(input.charAt(start)) < 0) {
        steps.add("FOREIGN@" + (start + 1));
        return steps;
      }
      int end = input.indexOf('\n', start);
      int bare = input.indexOf('\r', start) + 1;
      if (bare > 0 && bare < input.length() && (end < 0 || bare < end)) {
        steps.add("BARE@" + (bare + 1));
        return steps;
      }
      if (end < 0) {
        return steps;
      }
      String kind = end > start && input.charAt(end - 1) == '\r' ? "LINE@" : "LF_LINE@";
      steps.add((end + 1 - start <= LIMIT ? kind : "TOO_LONG@") + (end + 1));
      start = end + 1;
    }
    return steps;
  }

  /** The octet that shows that a CR or LF is not part of CR LF. */
  private static int bare(String input, int start) {
    for (int i = start; i < input.length(); i++) {
      boolean afterReturn = i > start && input.charAt(i - 1) == '\r';
      if (afterReturn != (input.charAt(i) == '\n')) {
        return i;
      }
    }
    return -1;
  }

  private static String input(int code, int length) {
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < length; i++) {
      input.append(ALPHABET.charAt((code >> (2 * i)) & 3));
    }
    return input.toString();
  }

  private static String show(String input) {
    return input.replace("\r", "<CR>").replace("\n", "<LF>").replace("\u0016", "<SYN>");
  }
}
