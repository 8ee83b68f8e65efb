package io.posthouse.net;

import io.netty.channel.Channel;

/**
 * Decides whether a channel may be read: only when nobody holds it. Each holder has its own reason,
 * so that none can open what another closed.
 *
 * <p>The gate alone calls {@code read()}; auto-read is off on links. Lives on its channel's loop.
 */
public final class ReadGate {

  /** Who holds a gate. */
  public enum Reason {
    /** The other side takes no more octets for now. */
    PEER_FULL(1),
    /** Memory is tight, and the other side has not taken what was read before. */
    MEMORY(2);

    private final int bit;

    Reason(int bit) {
      this.bit = bit;
    }
  }

  private final Channel channel;
  private int held;

  /** An open gate; nothing is read before {@link #read()}. */
  public ReadGate(Channel channel) {
    this.channel = channel;
  }

  /** Asks for one more read, now or when the last holder lets go. */
  public void read() {
    if (held == 0) {
      channel.read();
    }
  }

  /** Closes the gate for a reason; again for the same reason changes nothing. */
  public void hold(Reason reason) {
    held |= reason.bit;
  }

  /** Takes one reason back and reads when it was the last. */
  public void release(Reason reason) {
    if ((held & reason.bit) != 0) {
      held &= ~reason.bit;
      read();
    }
  }
}
