package io.posthouse.dsr;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A connection of the check: to a server's own address as our kernel sees it, to a VIP as the
 * server does. All addresses are of one family.
 *
 * @param port ours, of no other row
 */
public record CheckRow(int port, InetAddress own, InetAddress member, InetAddress vip) {
  boolean isIpv6() {
    return vip instanceof Inet6Address;
  }
}
