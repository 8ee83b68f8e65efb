package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {

  @Test
  void readsOneAndManyLines() {
    assertThat(parse("220 mx ESMTP\r\n250-mx\r\n250-SIZE 10\r\n250 HELP\r\n"))
        .containsExactly(
            Reply.of(220, "mx ESMTP"), new Reply(250, List.of("mx", "SIZE 10", "HELP")));
  }

  @Test
  void takesACodeWithoutText() {
    assertThat(parse("250\r\n250-\r\n250\r\n"))
        .containsExactly(Reply.of(250, ""), new Reply(250, List.of("", "")));
  }

  @Test
  void takesABareLineFeedAsLineEnd() {
    assertThat(parse("250 ok\n")).containsExactly(Reply.of(250, "ok"));
  }

  @Test
  void keepsOctetsOver127() {
    assertThat(parse("250 \u00e9\u00ff\r\n")).containsExactly(Reply.of(250, "\u00e9\u00ff"));
  }

  /* There is nothing between two calls of accept but the parser itself, so that any split of the
   * input gives the same replies; what is left to show is that replies do not leak into each other
   * and that nothing is complete before its last octet. */
  @Test
  void completesAReplyWithItsLastOctetOnly() {
    String one = "250-a\r\n250 b\r\n";
    ReplyParser parser = new ReplyParser();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < one.length(); i++) {
        assertThat(parser.accept((byte) one.charAt(i))).isEqualTo(i == one.length() - 1);
        assertThat(parser.isMidway()).isTrue();
      }
      assertThat(parser.take()).isEqualTo(new Reply(250, List.of("a", "b")));
      assertThat(parser.isMidway()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n",
        "\r\n",
        "25\r\n",
        "250x\r\n",
        "150 early\r\n",
        "650 late\r\n",
        "2 0 ok\r\n",
        "250-a\r\n251 b\r\n",
        "250 a\rb\r\n",
        "+OK POP3 ready\r\n"
      })
  void refusesWhatIsNoReply(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(ReplyFormatException.class).hasNoCause();
  }

  @Test
  void boundsLinesCountAndOctets() {
    assertThatThrownBy(() -> parse("250 " + "a".repeat(3000)))
        .hasMessage("a reply line of more than 2048 octets");
    assertThatThrownBy(() -> parse("250-a\r\n".repeat(129)))
        .hasMessage("a reply of more than 128 lines");
    assertThatThrownBy(() -> parse(("250-" + "a".repeat(2000) + "\r\n").repeat(20)))
        .hasMessage("a reply of more than 32768 octets");
    assertThat(parse("250-a\r\n".repeat(127) + "250 a\r\n")).hasSize(1);
  }

  @Test
  void aChallengeMayBeLonger() {
    assertThat(parse("334 " + "a".repeat(12_288) + "\r\n")).hasSize(1);
    assertThatThrownBy(() -> parse("334 " + "a".repeat(12_289)))
        .hasMessageContaining("a reply line of more than");
  }

  private static List<Reply> parse(String text) {
    ReplyParser parser = new ReplyParser();
    List<Reply> replies = new ArrayList<>();
    for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
      if (parser.accept(octet)) {
        replies.add(parser.take());
      }
    }
    return replies;
  }
}
