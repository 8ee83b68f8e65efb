package io.posthouse.edge;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client that was here of late, and what need not be found out again for its next link. From any
 * thread: what is kept never changes, only which of it is kept.
 */
public final class RecentClient {
  private final InetAddress address;
  private volatile @Nullable Remembered lookups;
  private volatile @Nullable Remembered hello;
  private volatile @Nullable Allowance allowance;

  /** A client of which nothing is known yet. */
  public RecentClient(InetAddress address) {
    this.address = address;
  }

  InetAddress address() {
    return address;
  }

  @Nullable Remembered lookups() {
    return lookups;
  }

  void keepLookups(Remembered found) {
    lookups = found;
  }

  @Nullable Remembered hello() {
    return hello;
  }

  void keepHello(Remembered found) {
    hello = found;
  }

  /** What it might send when it was here last; it may be too old, or for another class. */
  public @Nullable Allowance allowance() {
    return allowance;
  }

  /** Keeps what it may send. */
  public void keep(Allowance now) {
    allowance = now;
  }
}
