package io.posthouse.edge;

import java.net.InetAddress;

/** The names under which DNS is asked about an address: its octets, or half octets, backwards. */
final class AddressName {
  private static final String HEX = "0123456789abcdef";

  private AddressName() {}

  /** The name of an address in a list (RFC 5782 sections 2.1 and 2.4). */
  static String in(InetAddress address, String zone) {
    byte[] octets = address.getAddress();
    StringBuilder name = new StringBuilder(octets.length * 4 + zone.length());
    for (int i = octets.length - 1; i >= 0; i--) {
      int octet = octets[i] & 0xFF;
      if (octets.length == 4) {
        name.append(octet).append('.');
      } else {
        name.append(HEX.charAt(octet & 15)).append('.').append(HEX.charAt(octet >> 4)).append('.');
      }
    }
    return name.append(zone).toString();
  }

  /**
   * The name at which the name of an address stands (RFC 1035 section 3.5, RFC 3596 section 2.5).
   */
  static String pointer(InetAddress address) {
    return in(address, address.getAddress().length == 4 ? "in-addr.arpa" : "ip6.arpa");
  }
}
