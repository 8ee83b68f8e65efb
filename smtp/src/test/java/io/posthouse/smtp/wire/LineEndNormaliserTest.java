package io.posthouse.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.wire.LineEndNormaliser.Step;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineEndNormaliserTest {
  private static final String ALPHABET = "\r\n.a";

  /** What a member may take for the end, be it Postfix, Exim, one that knows no CR or OpenSMTPD. */
  private static final Pattern ANY_END = Pattern.compile("(?:\r\n|\r|\n)\\.(?:\r\n|\r|\n|\0)");

  private static final Pattern BARE = Pattern.compile("\r(?!\n)|(?<!\r)\n");

  /** What went to the member, and how many octets of the body that took. */
  record Normalised(String text, int taken, boolean ended) {}

  @Test
  void everyShortBodyIsNormalisedAsDefined() {
    for (int length = 0; length <= 8; length++) {
      for (int code = 0; code < 1 << (2 * length); code++) {
        String body = body(code, length);
        check(body, true);
        check(body, false);
      }
    }
  }

  @Test
  void bodiesWithRightLineEndsPassAsTheyAre() {
    for (int length = 0; length <= 8; length++) {
      for (int code = 0; code < 1 << (2 * length); code++) {
        String body = body(code, length).replace("\r", "").replace("\n", "\r\n") + "\r\n.\r\n";
        String untilEnd = body.substring(0, ("\r\n" + body).indexOf("\r\n.\r\n") + 3);
        assertThat(normalise(body, true).text()).as(show(body)).isEqualTo(untilEnd);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a<LF>b<LF>,           a<CR><LF>b<CR><LF>",
    "a<CR>b<CR>c,          a<CR><LF>b<CR><LF>c",
    "a<CR><CR><LF>b,       a<CR><LF><CR><LF>b",
    "<LF>a,                <CR><LF>a",
    "a<LF>.<LF>b,          a<CR><LF>..<CR><LF>b",
    "a<LF>.<CR><LF>b,      a<CR><LF>..<CR><LF>b",
    "a<CR>.<CR>b,          a<CR><LF>..<CR><LF>b",
    "a<CR><LF>.<LF>b,      a<CR><LF>..<CR><LF>b",
    "a<CR><LF>.<CR>b,      a<CR><LF>..<CR><LF>b",
    "a<CR><LF>.<CR><CR><LF>b, a<CR><LF>..<CR><LF><CR><LF>b",
    "a<LF>..<LF>b,         a<CR><LF>..<CR><LF>b",
    "a<LF>..x,             a<CR><LF>..x",
    "a<LF>.x,              a<CR><LF>..x",
    "a<CR><LF>.x,          a<CR><LF>.x",
    "a<CR><LF>..<LF>b,     a<CR><LF>..<CR><LF>b",
    "a<LF><CR><LF>b,       a<CR><LF><CR><LF>b",
    "a<LF><CR>b,           a<CR><LF><CR><LF>b"
  })
  void bareLineEndsBecomeLinesAndTheirDotsEndNothing(String sent, String passed) {
    Normalised normalised = normalise(read(sent), true);
    assertThat(show(normalised.text())).isEqualTo(passed);
    assertThat(normalised.ended()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n.\n",
        "a\n.\r\n",
        "a\r.\r",
        "a\r.\n",
        "a\r.\r\n",
        "a\r\n.\ra",
        "a\r\n.\n",
        "a\n.\ra",
        "a\r\n\0.\r\n",
        "a\r\n.\0\r\n",
        "a\r\n.\r\r\n",
        "a\r\r\n.\r\r\n",
        "a\n\n.\r\n"
      })
  void smugglingEndingsEndNothing(String body) {
    Normalised normalised = normalise(body + "MAIL FROM:<a@x>\r\n.\r\n", true);
    assertThat(normalised.ended()).isTrue();
    assertThat(normalised.taken()).isEqualTo(body.length() + 20);
    check(body, true);
  }

  @Test
  void aDotAloneEndsAnEmptyMessageOnlyAfterALineThatEndedInCarriageReturnAndLineFeed() {
    assertThat(normalise(".\r\n", true)).isEqualTo(new Normalised(".\r\n", 3, true));
    assertThat(normalise(".\r\n", false)).isEqualTo(new Normalised("..\r\n", 3, false));
  }

  @Test
  void octetsInMidLinePassAsTheyAre() {
    LineEndNormaliser normaliser = new LineEndNormaliser();
    normaliser.accept((byte) 'a');
    for (int octet = -128; octet < 128; octet++) {
      if (octet != '\r' && octet != '\n') {
        assertThat(normaliser.isMidLine()).isTrue();
        assertThat(normaliser.accept((byte) octet)).isEqualTo(Step.NOTHING);
      }
    }
  }

  /** Everything that holds for any body. */
  static void check(String body, boolean exactly) {
    String name = show(body);
    // What is still open at the end, such as a CR, becomes certain with an octet more.
    String closed = body + 'a';
    Normalised normalised = normalise(closed, exactly);
    assertThat(normalised).as(name).isEqualTo(definition(closed, exactly));
    assertThat(skipping(closed, exactly)).as(name).isEqualTo(normalised);
    String text = normalised.text();
    assertThat(BARE.matcher(text).find()).as("a bare line end: " + name).isFalse();
    assertThat(normalise(text, true).text()).as("once is enough: " + name).isEqualTo(text);
    Matcher end = ANY_END.matcher("\r\n" + text);
    boolean seen = end.find();
    assertThat(seen).as("the member sees an end: " + name).isEqualTo(normalised.ended());
    if (seen) {
      assertThat(end.end() - 2).as("and only at the end: " + name).isEqualTo(text.length());
    }
    String strict = EndOfDataScannerTest.scan(text);
    assertThat(strict).as(name).isEqualTo(seen ? "END@" + text.length() : "MORE");
  }

  /**
   * The definition: the body goes to the first CR LF . CR LF. Before it a dagger, which is no
   * octet, is a line end and a double dagger a bare CR or LF; a dot between a dagger and a double
   * dagger or NUL, and one behind a double dagger that no dot follows, is doubled.
   */
  private static Normalised definition(String body, boolean exactly) {
    String framed = (exactly ? "\r\n" : "\n") + body;
    int end = framed.indexOf("\r\n.\r\n");
    boolean ended = end >= 0;
    int before = exactly ? 2 : 1;
    String open = ended ? framed.substring(0, end + 2) : framed;
    String passed =
        open.replace("\r\n", "\u2020")
            .replace('\r', '\u2021')
            .replace('\n', '\u2021')
            .replaceAll("\u2020\\.(?=[\u2021\0])", "\u2020..")
            .replaceAll("\u2021\\.(?!\\.)", "\u2021..")
            .substring(1)
            .replaceAll("[\u2020\u2021]", "\r\n");
    return new Normalised(
        passed + (ended ? ".\r\n" : ""), ended ? end + 5 - before : body.length(), ended);
  }

  private static Normalised normalise(String body, boolean exactly) {
    return normalise(body, exactly, false);
  }

  /** As a reader does that looks for the next CR or LF while it is in the middle of a line. */
  private static Normalised skipping(String body, boolean exactly) {
    return normalise(body, exactly, true);
  }

  private static Normalised normalise(String body, boolean exactly, boolean skips) {
    LineEndNormaliser normaliser = new LineEndNormaliser();
    normaliser.begin(exactly);
    StringBuilder to = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char octet = body.charAt(i);
      if (skips && normaliser.isMidLine() && octet != '\r' && octet != '\n') {
        to.append(octet);
        continue;
      }
      Step step = normaliser.accept((byte) octet);
      to.append(step.before());
      if (LineEndNormaliser.follows((byte) octet)) {
        to.append(octet);
      }
      if (step == Step.END) {
        return new Normalised(to.toString(), i + 1, true);
      }
    }
    return new Normalised(to.toString(), body.length(), false);
  }

  private static String body(int code, int length) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < length; i++) {
      body.append(ALPHABET.charAt((code >> (2 * i)) & 3));
    }
    return body.toString();
  }

  private static String read(String shown) {
    return shown.replace("<CR>", "\r").replace("<LF>", "\n");
  }

  private static String show(String body) {
    return body.replace("\r", "<CR>").replace("\n", "<LF>");
  }
}
