package io.posthouse.dsr;

import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who else says, by ARP or NDP, that a VIP is at him.
 *
 * @param here whether this machine has the VIP
 * @param macs those who answered
 * @param unasked why nobody was asked; null for asked
 */
public record ClaimsSeen(
    InetAddress vip, boolean here, Set<String> macs, @Nullable String unasked) {
  /** Copies who answered. */
  public ClaimsSeen {
    macs = Set.copyOf(macs);
  }
}
