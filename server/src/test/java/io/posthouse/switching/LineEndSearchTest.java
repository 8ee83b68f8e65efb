package io.posthouse.switching;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthouse.smtp.wire.EndOfDataScanner;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineEndSearchTest {
  private static final byte[] OCTETS = {
    '\r', '\n', '.', 'a', 'a', 'a', 0, (byte) 0x8a, (byte) 0x8d, 0x0c
  };

  /** Whatever is skipped would have left the scanner where it was. */
  @Test
  void whatIsSkippedChangesNothing() {
    SplittableRandom random = new SplittableRandom(20_261_125);
    for (int round = 0; round < 200_000; round++) {
      byte[] body = body(random);
      ByteBuf octets =
          round % 2 == 0
              ? Unpooled.wrappedBuffer(body)
              : Unpooled.directBuffer(body.length).writeBytes(body);
      int from = random.nextInt(body.length + 1);
      EndOfDataScanner scanner = new EndOfDataScanner();
      scanner.accept((byte) 'a');
      int unusual = LineEndSearch.nextUnusual(octets, from, body.length);
      assertThat(unusual).isBetween(from, body.length);
      for (int i = from; i < unusual; i++) {
        assertThat(scanner.accept(body[i])).isEqualTo(EndOfDataScanner.Step.MORE);
      }
      assertThat(scanner.isMidLine()).isTrue();
      int lineEnd = LineEndSearch.next(octets, from, body.length);
      for (int i = from; i < lineEnd; i++) {
        assertThat(body[i]).isNotIn((byte) '\r', (byte) '\n');
      }
      assertThat(lineEnd == body.length || body[lineEnd] == '\r' || body[lineEnd] == '\n').isTrue();
      octets.release();
    }
  }

  private static byte[] body(SplittableRandom random) {
    byte[] body = new byte[random.nextInt(40)];
    boolean lines = random.nextBoolean();
    for (int i = 0; i < body.length; i++) {
      body[i] =
          lines
              ? OCTETS[3 + random.nextInt(OCTETS.length - 3)]
              : OCTETS[random.nextInt(OCTETS.length)];
      if (lines && i > 0 && random.nextInt(6) == 0) {
        body[i - 1] = '\r';
        body[i] = '\n';
      }
    }
    return body;
  }
}
