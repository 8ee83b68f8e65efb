package io.posthouse.probe;

import io.posthouse.door.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A socket whose reads end at a deadline, however slowly a peer trickles; TLS on top of it reads
 * under the same deadline.
 *
 * <p>{@code SO_TIMEOUT} counts anew with every read; it is therefore set to what is left before
 * each one.
 */
final class DeadlineSocket extends Socket {
  private static final int MAX_PLAIN = 120;

  private final Ticker ticker;
  private final StringBuilder heard = new StringBuilder();
  private long deadlineNanos;

  DeadlineSocket(Ticker ticker) {
    this.ticker = ticker;
    this.deadlineNanos = ticker.nanos();
  }

  /** Gives all reads from now on this much time together. */
  void allow(Duration time) {
    deadlineNanos = ticker.nanos() + time.toNanos();
  }

  /** From now on TLS is due: what was heard before counts no longer. */
  void expectTls() {
    heard.setLength(0);
  }

  /**
   * What the peer said since then, if that is no TLS; as far as it has come, and not for long. A
   * record of TLS begins with an octet from 20 to 23 (RFC 8446 section 5.1).
   */
  String plainSpeech() {
    if (heard.isEmpty() || (heard.charAt(0) >= 20 && heard.charAt(0) <= 23)) {
      return "";
    }
    try {
      InputStream in = getInputStream();
      in.readNBytes(Math.min(MAX_PLAIN, in.available()));
    } catch (IOException e) {
      // What was heard before will do.
    }
    return heard.toString().lines().findFirst().orElse("");
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        arm();
        int read = super.read(buffer, offset, length);
        int kept = Math.min(read, MAX_PLAIN - heard.length());
        if (kept > 0) {
          heard.append(new String(buffer, offset, kept, StandardCharsets.ISO_8859_1));
        }
        return read;
      }
    };
  }

  private void arm() throws IOException {
    long left = deadlineNanos - ticker.nanos();
    if (left <= 0) {
      throw new SocketTimeoutException("deadline");
    }
    setSoTimeout((int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1));
  }
}
