package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class ReplyParserFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void whatIsReadIsWrittenAndReadBack(byte[] octets) {
    for (Reply reply : read(octets)) {
      assertThat(reply.lines()).hasSizeLessThanOrEqualTo(ReplyParser.MAX_LINES);
      assertThat(reply.phrase()).hasSizeLessThanOrEqualTo(200).matches("[ -~]*");
      byte[] wire = reply.wire().getBytes(StandardCharsets.ISO_8859_1);
      if (wire.length <= ReplyParser.MAX_OCTETS) { // It grows where a line ended in LF alone.
        assertThat(read(wire)).containsExactly(reply);
      }
    }
  }

  /** The replies up to the end, or up to what is none. */
  private static List<Reply> read(byte[] octets) {
    ReplyParser parser = new ReplyParser();
    List<Reply> replies = new ArrayList<>();
    try {
      for (byte octet : octets) {
        if (parser.accept(octet)) {
          replies.add(parser.take());
        }
      }
    } catch (ReplyFormatException e) {
      assertThat(e).hasMessageMatching("[ -~]{1,200}");
    }
    return replies;
  }
}
