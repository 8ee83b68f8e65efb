package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

  @Test
  void findsTheEnhancedCodeOfItsFirstLine() {
    assertThat(Reply.of(452, "4.3.1 Insufficient system resources").enhanced())
        .contains(new EnhancedStatus(4, 3, 1));
    assertThat(Reply.of(250, "2.1.0").enhanced()).contains(new EnhancedStatus(2, 1, 0));
  }

  @Test
  void ignoresAnEnhancedCodeOfAnotherSeverity() {
    assertThat(Reply.of(550, "4.7.1 no").enhanced()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "4", "4.3", "4.3.", "3.1.1 x", "4.1234.1 x", "4.3.1x", "4..1 a", "10.1.1.1"})
  void takesNothingElseForAnEnhancedCode(String text) {
    assertThat(EnhancedStatus.startOf(text)).isEmpty();
  }

  @Test
  void isOneBoundedPrintableLineForPeople() {
    assertThat(new Reply(550, List.of("a\tb", "c\u001b[2J")).phrase())
        .isEqualTo("550 a\\x09b c\\x1b[2J");
    assertThat(Reply.of(250, "").phrase()).isEqualTo("250");
    assertThat(Reply.of(250, "x".repeat(1000)).phrase()).hasSize(200).endsWith("x...");
    assertThat(Printable.line("\u0007".repeat(9), 10)).hasSizeLessThanOrEqualTo(10);
  }

  @Test
  void listsEhloKeywords() {
    EhloKeywords keywords =
        EhloKeywords.of(new Reply(250, List.of("STARTTLS.example.net hi", "size 10 ", "Help", "")));
    assertThat(keywords.has("STARTTLS")).isFalse();
    assertThat(keywords.has("STARTTLS.EXAMPLE.NET")).isFalse();
    assertThat(keywords.parametersOf("SIZE")).contains("10");
    assertThat(keywords.parametersOf("HELP")).contains("");
    assertThat(keywords.parametersOf("DSN")).isEmpty();
    assertThat(EhloKeywords.of(Reply.of(250, "mx")).parameters()).isEmpty();
    assertThat(EhloKeywords.none().parameters()).isEmpty();
  }
}
