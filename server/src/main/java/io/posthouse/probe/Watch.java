package io.posthouse.probe;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Cuts a socket when its time is over, whatever blocks on it: reads have deadlines of their own,
 * but a peer that never reads blocks writes for as long as it likes.
 */
final class Watch implements AutoCloseable {
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private Watch() {}

  /** Begins to watch; the raw socket, for TLS on top of it would block in saying farewell. */
  static Watch over(Socket raw, Duration time) {
    Watch watch = new Watch();
    watch
        .end
        .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
        .thenRun(() -> cut(raw));
    return watch;
  }

  private static void cut(Socket raw) {
    try {
      raw.close();
    } catch (IOException gone) {
      // It is what was wanted.
    }
  }

  /** Ends the watch. */
  @Override
  public void close() {
    end.cancel(false);
  }
}
