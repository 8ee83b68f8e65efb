package io.posthouse.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A peer that misbehaves on purpose, on link after link.
 *
 * <p>Peers of a kind come evenly spread: in step they would be one burst of connects each period,
 * and what good sessions wait for would be that burst.
 */
final class BadPeer extends Peer {

  private static final long TRICKLE_NANOS = 500_000_000;

  /** Peers that hold their link begin over this time. */
  private static final long BEGIN_NANOS = 1_000_000_000;

  private static final byte[] DRIP =
      "EHLO trickle.example.com\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EHLO =
      "EHLO handshake.example.com\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STARTTLS = "STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HALF = "MAIL FROM:<half".getBytes(StandardCharsets.US_ASCII);

  private final BadKind kind;
  private final Tally.Bad tally;
  private final ByteBuffer out;
  private final long holdNanos;
  private boolean connected;
  private int replies;
  private int turn;
  private final Cadence opens;
  private final Cadence drips;
  private long holdUntil;

  /**
   * A bad peer.
   *
   * @param turn its number among its kind, which is also what it begins with
   * @param of how many of its kind there are
   */
  BadPeer(LoadLoop loop, BadKind kind, Tally.Bad tally, int turn, int of) throws IOException {
    super(loop);
    this.kind = kind;
    this.tally = tally;
    this.turn = turn;
    this.holdNanos = loop.plan().badHold().toNanos();
    this.out = ByteBuffer.wrap(octets(kind, loop));
    long pause = loop.plan().badPause().toNanos();
    long over = kind == BadKind.RESET ? pause : BEGIN_NANOS;
    long first = loop.now() + over * turn / of;
    this.opens = new Cadence(first, pause);
    this.drips = new Cadence(first, TRICKLE_NANOS);
  }

  private static byte[] octets(BadKind kind, LoadLoop loop) throws IOException {
    return switch (kind) {
      case FLOOD -> "NOOP flood\r\n".repeat(1024).getBytes(StandardCharsets.US_ASCII);
      case RESET -> HALF;
      case HANDSHAKE -> loop.tls().halfHello();
      case SILENT, TRICKLE -> DRIP;
    };
  }

  @Override
  void start(long now) {
    connected = false;
    replies = 0;
    out.rewind();
    holdUntil = now + holdNanos;
    try {
      wire = Wire.connect(loop.selector(), loop.plan(), this);
    } catch (IOException e) {
      tally.refused++;
      rest();
    }
  }

  @Override
  void ready(Wire ready) {
    try {
      if (!connected) {
        connect(ready);
      } else if (kind == BadKind.FLOOD) {
        flood(ready);
      } else {
        read(ready);
      }
    } catch (IOException e) {
      lost();
    }
  }

  @Override
  void tick(long now) {
    Wire open = wire;
    if (open == null) {
      if (opens.isDue(now) && !loop.isStopping()) {
        start(now);
      }
    } else if (now - holdUntil >= 0) {
      drop();
      rest();
    } else if (connected && kind == BadKind.TRICKLE && drips.isDue(now)) {
      drips.skipPast(now);
      drip(open);
    }
  }

  private void connect(Wire ready) throws IOException {
    if (!ready.finishConnect()) {
      return;
    }
    connected = true;
    tally.opened++;
    if (kind == BadKind.FLOOD) {
      ready.writeOnly(true);
    } else if (kind == BadKind.RESET && turn % 3 == 0) {
      reset(ready);
    } else if (kind == BadKind.HANDSHAKE && isImplicit()) {
      tally.bytes += ready.write(out);
    }
  }

  private boolean isImplicit() {
    TlsLoad tls = loop.plan().tls();
    return tls != null && tls.start() == TlsLoad.Start.IMPLICIT;
  }

  private void read(Wire from) throws IOException {
    if (from.read(loop.readBuffer().clear()) < 0) {
      lost();
    } else if (kind == BadKind.RESET) {
      if (turn % 3 == 2) {
        tally.bytes += from.write(out.rewind());
      }
      reset(from);
    } else if (kind == BadKind.HANDSHAKE && !isImplicit()) {
      replies++;
      beginTls(from);
    }
  }

  /** One segment holds a reply; whether it is a good one is a session's matter. */
  private void beginTls(Wire to) throws IOException {
    switch (replies) {
      case 1 -> tally.bytes += to.write(ByteBuffer.wrap(EHLO));
      case 2 -> tally.bytes += to.write(ByteBuffer.wrap(STARTTLS));
      case 3 -> tally.bytes += to.write(out);
      default -> {
        // Whatever comes now is an alert, or the end.
      }
    }
  }

  private void flood(Wire to) throws IOException {
    if (!out.hasRemaining()) {
      out.rewind();
    }
    int written = to.write(out);
    tally.bytes += written;
    to.writeOnly(true);
  }

  private void drip(Wire to) {
    try {
      if (out.position() == DRIP.length) {
        out.rewind();
      }
      // One octet at a time: the rest of the buffer stays for later.
      out.limit(out.position() + 1);
      tally.bytes += to.write(out);
    } catch (IOException e) {
      lost();
    } finally {
      out.limit(DRIP.length);
    }
  }

  private void reset(Wire open) {
    wire = null;
    open.reset();
    turn++;
    rest();
  }

  private void lost() {
    if (connected) {
      tally.closedByPeer++;
    } else {
      tally.refused++;
    }
    drop();
    rest();
  }

  private void rest() {
    opens.skipPast(loop.now());
  }
}
