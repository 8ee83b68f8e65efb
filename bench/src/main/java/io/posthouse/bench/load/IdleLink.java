package io.posthouse.bench.load;

import java.io.IOException;

/** A link that reads the banner and then holds still until the run ends. Opened once. */
final class IdleLink extends Peer {

  private final int slot;
  private Stage stage = Stage.CONNECT;
  private long deadline;
  private boolean held;

  IdleLink(LoadLoop loop, int slot) {
    super(loop);
    this.slot = slot;
  }

  @Override
  void start(long now) {
    deadline = now + loop.plan().timeout().toNanos();
    try {
      wire = Wire.connect(loop.selector(), loop.plan(), this);
    } catch (IOException e) {
      over(Peer.causeOf(stage, e), String.valueOf(e.getMessage()));
    }
  }

  @Override
  void ready(Wire ready) {
    try {
      if (stage == Stage.CONNECT) {
        if (ready.finishConnect()) {
          connected(ready);
        }
        return;
      }
      if (stage == Stage.TLS) {
        if (!ready.handshake()) {
          return;
        }
        stage = Stage.BANNER;
      }
      int count = ready.read(loop.readBuffer().clear());
      if (count < 0) {
        over(Cause.CLOSED, "closed by the peer");
      } else if (!held && count > 0) {
        // One segment holds a banner; whether it is a good one is a session's matter.
        held = true;
        loop.idleHeld(this);
      }
    } catch (IOException e) {
      over(Peer.causeOf(stage, e), String.valueOf(e.getMessage()));
    }
  }

  private void connected(Wire on) throws IOException {
    TlsLoad tls = loop.plan().tls();
    if (tls == null || tls.start() == TlsLoad.Start.STARTTLS) {
      stage = Stage.BANNER;
      return;
    }
    stage = Stage.TLS;
    on.startTls(loop.tls(), slot);
    on.handshake();
  }

  @Override
  void tick(long now) {
    if (wire != null && !held && now - deadline >= 0) {
      over(Cause.TIMEOUT, "no banner");
    }
  }

  private void over(Cause cause, String text) {
    drop();
    if (held) {
      loop.tally().idleLost++;
    } else {
      loop.tally().idleFailures.count(stage, cause, text);
    }
    loop.idleOver(this, held);
  }
}
