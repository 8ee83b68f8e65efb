package io.posthouse.edge;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Clients that were here of late: a table in which each has one place, which it shares with others,
 * and the last one there stays. So it never grows, needs no lock, and whoever floods it costs
 * others only what they would cost without it; limits are kept elsewhere. From any thread.
 */
final class RecentClients {
  private static final int PLACES = 1 << 13;

  private final AtomicReferenceArray<RecentClient> places = new AtomicReferenceArray<>(PLACES);

  /** The one of an address, made if it is not there. */
  RecentClient of(InetAddress address) {
    int hash = address.hashCode();
    int place = (hash ^ (hash >>> 13)) & (PLACES - 1); // Neighbours do not meet.
    RecentClient there = places.getAcquire(place);
    if (there == null || !there.address().equals(address)) {
      there = new RecentClient(address);
      places.setRelease(place, there);
    }
    return there;
  }
}
