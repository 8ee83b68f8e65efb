package io.posthouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 275, 276, 277, 278, 279, 4096, 100_000})
  void aBodyHasItsSizeAndEndsOnce(int size) {
    String body = text(Script.of(MailShape.SMALL.withBytes(size)).body());

    assertThat(body).hasSize(size + 3).endsWith("\r\n.\r\n");
    assertThat(body.indexOf("\r\n.")).isEqualTo(size - 2);
    assertThat(body.replace("\r\n", "")).doesNotContain("\r", "\n");
    assertThat(body.lines()).allMatch(line -> line.length() <= 998);
  }

  @Test
  void copiesShareBytesAndNoPositions() {
    Script script = Script.of(MailShape.SMALL);
    Script copy = script.copy();
    copy.quit().get();

    assertThat(script.quit().position()).isZero();
    assertThat(text(copy.envelope()))
        .isEqualTo("MAIL FROM:<sender@example.com>\r\nRCPT TO:<recipient@example.net>\r\nDATA\r\n");
  }

  @Test
  void refusesNamesThatWouldBreakTheCommand() {
    assertThatThrownBy(() -> new MailShape(4096, "a b", "s@x", "r@y", false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MailShape(4096, "a", "s@x>\r\nDATA", "r@y", false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String text(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.rewind().remaining()];
    buffer.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
