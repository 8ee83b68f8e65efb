package io.posthouse.ruleset;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One VIP and port of a virtual server in mode dsr, as the kernel is told of it.
 *
 * @param number what its chains and maps are named by; never that of another one
 * @param device where packets come in, and go out to members
 * @param vip the address that clients connect to and servers have
 * @param bySource whether all links of an address go to one member, else each goes by itself
 * @param idle after which time without a packet the member of a link is forgotten
 * @param newLinksPerClient most new links of an address in a second; 0: any
 * @param admitted ranges of addresses ({@code first-last}) that may connect; null for everybody
 */
public record DsrService(
    int number,
    String device,
    InetAddress vip,
    int port,
    boolean bySource,
    Duration idle,
    int newLinksPerClient,
    @Nullable List<String> admitted) {

  /** Whether its clients and members are reached by IPv6. */
  public boolean ipv6() {
    return vip instanceof Inet6Address;
  }

  /** Of services that are equal it is, and of others different enough; lists may be long. */
  @Override
  public int hashCode() {
    return number;
  }

  /** What the names of all that is its own begin with. */
  String prefix() {
    return "s" + number;
  }
}
