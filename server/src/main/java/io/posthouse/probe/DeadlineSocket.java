package io.posthouse.probe;

import io.posthouse.door.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A socket whose reads end at a deadline, however slowly a peer trickles; TLS on top of it reads
 * under the same deadline.
 *
 * <p>{@code SO_TIMEOUT} counts anew with every read; it is therefore set to what is left before
 * each one.
 */
final class DeadlineSocket extends Socket {
  private final Ticker ticker;
  private long deadlineNanos;

  DeadlineSocket(Ticker ticker) {
    this.ticker = ticker;
    this.deadlineNanos = ticker.nanos();
  }

  /** Gives all reads from now on this much time together. */
  void allow(Duration time) {
    deadlineNanos = ticker.nanos() + time.toNanos();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        arm();
        return super.read();
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        arm();
        return super.read(buffer, offset, length);
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
