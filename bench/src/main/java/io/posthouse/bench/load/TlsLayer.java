package io.posthouse.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** TLS on one socket, that never blocks. Its buffers belong to its client and go back to it. */
final class TlsLayer {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final TlsClient client;
  private final SSLEngine engine;
  private final SocketChannel channel;
  private final int recordSize;
  private final ByteBuffer in;
  private final ByteBuffer out;
  private boolean ended;
  private boolean sawCertificate;

  TlsLayer(TlsClient client, SSLEngine engine, SocketChannel channel) {
    this.client = client;
    this.engine = engine;
    this.channel = channel;
    this.recordSize = engine.getSession().getPacketBufferSize();
    this.in = client.take(recordSize);
    this.out = client.take(recordSize);
  }

  /**
   * Goes on with the handshake as far as the socket lets it.
   *
   * @return whether it is done
   * @throws javax.net.ssl.SSLException when the peer does not speak TLS as we do
   */
  boolean handshake() throws IOException {
    long before = client.certificatesSeen();
    try {
      return proceed();
    } finally {
      // Nobody else's handshake moves in between: a loop is one thread.
      sawCertificate |= client.certificatesSeen() != before;
    }
  }

  private boolean proceed() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> {
          if (out.remaining() < recordSize && !flush()) {
            return false;
          }
          wrap(NOTHING);
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap(client.scratch()) && !(flush() && fill())) {
            return false;
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          if (ended) {
            throw new EOFException("closed by the peer");
          }
          return flush();
        }
      }
    }
  }

  /** Whether the handshake that is done was one without a certificate. */
  boolean isResumed() {
    return !sawCertificate;
  }

  /** Reads what there is; -1 at the end. */
  int read(ByteBuffer into) throws IOException {
    int start = into.position();
    ended |= channel.read(in) < 0;
    while (unwrap(into)) {
      // One record at a time.
    }
    int count = into.position() - start;
    return count == 0 && ended ? -1 : count;
  }

  /** Writes what the kernel takes, and at most one record more. */
  int write(ByteBuffer from) throws IOException {
    int start = from.position();
    while (flush() && from.hasRemaining()) {
      wrap(from);
    }
    return from.position() - start;
  }

  /** Whether the kernel has all that was written. */
  boolean isFlushed() {
    return out.position() == 0;
  }

  /** Says goodbye if the socket takes it. */
  void close() {
    engine.closeOutbound();
    try {
      if (isFlushed()) {
        wrap(NOTHING);
        flush();
      }
    } catch (IOException e) {
      // The link ends either way; who ended it was counted already.
      ended = true;
    }
    client.giveBack(in);
    client.giveBack(out);
  }

  private boolean fill() throws IOException {
    int count = channel.read(in);
    if (count < 0) {
      throw new EOFException("closed by the peer");
    }
    return count > 0;
  }

  private boolean flush() throws IOException {
    if (!isFlushed()) {
      out.flip();
      channel.write(out);
      out.compact();
    }
    return isFlushed();
  }

  private void wrap(ByteBuffer from) throws IOException {
    SSLEngineResult result = engine.wrap(from, out);
    switch (result.getStatus()) {
      case OK -> runTasks();
      case CLOSED -> throw new EOFException("closed by the peer");
      case BUFFER_OVERFLOW, BUFFER_UNDERFLOW ->
          throw new IllegalStateException("no room for a record: " + result);
    }
  }

  /** Whether a record was taken. */
  private boolean unwrap(ByteBuffer into) throws IOException {
    in.flip();
    SSLEngineResult result = engine.unwrap(in, into);
    in.compact();
    switch (result.getStatus()) {
      case OK -> runTasks();
      case CLOSED -> ended = true;
      case BUFFER_UNDERFLOW -> {
        return false;
      }
      case BUFFER_OVERFLOW -> throw new IllegalStateException("no room for a record: " + result);
    }
    return result.bytesConsumed() > 0;
  }

  private void runTasks() {
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      Runnable task = engine.getDelegatedTask();
      if (task == null) {
        return;
      }
      task.run();
    }
  }
}
