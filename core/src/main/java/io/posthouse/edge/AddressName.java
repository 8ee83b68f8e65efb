package io.posthouse.edge;

import java.net.InetAddress;

/** The names under which DNS is asked about an address: its octets, or half octets, backwards. */
final class AddressName {
  private static final String HEX = "0123456789abcdef";

  private AddressName() {}

  /** What stands before the zone of a list, with a dot (RFC 5782 sections 2.1 and 2.4). */
  static String backwards(InetAddress address) {
    byte[] octets = address.getAddress();
    StringBuilder name = new StringBuilder(octets.length * 4);
    for (int i = octets.length - 1; i >= 0; i--) {
      int octet = octets[i] & 0xFF;
      if (octets.length == 4) {
        name.append(octet).append('.');
      } else {
        name.append(HEX.charAt(octet & 15)).append('.').append(HEX.charAt(octet >> 4)).append('.');
      }
    }
    return name.toString();
  }

  /**
   * The name at which the name of an address stands (RFC 1035 section 3.5, RFC 3596 section 2.5).
   */
  static String pointer(String backwards) {
    // IPv6 has 32 half octets with a dot each.
    return backwards.concat(backwards.length() == 64 ? "ip6.arpa" : "in-addr.arpa");
  }
}
