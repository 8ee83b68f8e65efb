package io.posthouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

  private final ReplyReader reader = new ReplyReader();

  @Test
  void findsEachReplyOfAGroup() {
    ByteBuffer in = bytes("250 ok\r\n250 ok too\r\n354 go on\r\n");

    assertThat(reader.feed(in)).isEqualTo(250);
    assertThat(reader.feed(in)).isEqualTo(250);
    assertThat(reader.text()).isEqualTo("250 ok too");
    assertThat(reader.feed(in)).isEqualTo(354);
    assertThat(reader.feed(in)).isEqualTo(ReplyReader.MORE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 100})
  void anySplitGivesTheSameReply(int size) {
    byte[] all = "250-host\r\n250-Pipelining\r\n250 SIZE 0\r\n".getBytes(StandardCharsets.US_ASCII);
    int code = ReplyReader.MORE;
    int replies = 0;
    for (int at = 0; at < all.length; at += size) {
      code = reader.feed(ByteBuffer.wrap(all, at, Math.min(size, all.length - at)));
      replies += code == ReplyReader.MORE ? 0 : 1;
    }

    assertThat(code).isEqualTo(250);
    assertThat(replies).isEqualTo(1);
    assertThat(reader.announcedPipelining()).isTrue();
  }

  @Test
  void pipeliningIsAKeywordNotAPart() {
    assertThat(reader.feed(bytes("250-PIPELININGS\r\n250 XPIPELINING\r\n"))).isEqualTo(250);

    assertThat(reader.announcedPipelining()).isFalse();
  }

  @Test
  void resetForgetsHalfALine() {
    assertThat(reader.feed(bytes("25"))).isEqualTo(ReplyReader.MORE);
    reader.reset();

    assertThat(reader.feed(bytes("220 hello\r\n"))).isEqualTo(220);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "hello\r\n", "25\r\n", "2500 x\r\n", "99x no\r\n", "199 no\r\n"})
  void refusesWhatIsNoReply(String text) {
    assertThat(reader.feed(bytes(text))).isEqualTo(ReplyReader.MALFORMED);
  }

  @Test
  void boundsALine() {
    assertThat(reader.feed(bytes("250 " + "x".repeat(10_000)))).isEqualTo(ReplyReader.MALFORMED);
  }

  @Test
  void showsNoControlCharacters() {
    assertThat(reader.feed(bytes("250 a\u0007b\r\n"))).isEqualTo(250);

    assertThat(reader.text()).isEqualTo("250 a?b");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
