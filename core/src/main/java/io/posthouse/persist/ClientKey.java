package io.posthouse.persist;

import com.dynatrace.hash4j.hashing.Hashing;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What tells clients apart: the leading bits of an address. An IPv4 address that comes in IPv6
 * clothes ({@code ::ffff:192.0.2.1}) is the IPv4 address; Java already sees to that.
 *
 * @param high the first 64 bits of an IPv6 address; 0 for IPv4
 * @param low the last 64 bits of an IPv6 address; the address itself for IPv4
 * @param ipv6 which family it is
 */
public record ClientKey(long high, long low, boolean ipv6) {

  /** The key of an address of which so many leading bits count. */
  public static ClientKey of(InetAddress address, int ipv4Bits, int ipv6Bits) {
    byte[] octets = address.getAddress();
    if (octets.length == 4) {
      long bits = ByteBuffer.wrap(octets).getInt() & 0xFFFF_FFFFL;
      return new ClientKey(0, bits & (leading(32 + ipv4Bits) & 0xFFFF_FFFFL), false);
    }
    ByteBuffer both = ByteBuffer.wrap(octets);
    long high = both.getLong() & leading(ipv6Bits);
    long low = both.getLong() & leading(ipv6Bits - 64);
    return new ClientKey(high, low, true);
  }

  /** A well mixed hash, for balance methods. */
  public long hash() {
    return Hashing.xxh3_64().hashLongLongToLong(high, low);
  }

  /** A mask of the first {@code bits} of 64 bits; none for a negative number. */
  private static long leading(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= 64 ? -1L : -1L << (64 - bits);
  }
}
