package io.posthouse.proxyprotocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the header of version 2 (section 2.2). */
final class VersionTwo {
  private static final int COMMAND_AT = 12;
  private static final int FAMILY_AT = 13;
  private static final int LENGTH_AT = 14;
  private static final int LOCAL = 0x20;
  private static final int UNSPECIFIED = 0x00;
  private static final int CRC32C_TYPE = 0x03;
  private static final int CRC32C_OCTETS = 4;

  private VersionTwo() {}

  /** What its octets behind the preface count. */
  static int length(byte[] octets) {
    return ByteBuffer.wrap(octets).getShort(LENGTH_AT) & 0xffff;
  }

  /** Why a preface cannot be taken, as far as it has come; null where it can. */
  static @Nullable HeaderVerdict refusal(byte[] octets, int count) {
    int command = octets[COMMAND_AT];
    if (command >> 4 != 2) {
      return HeaderReader.refused("unknown version");
    }
    if (command != LOCAL && command != ProxyHeader.VERSION_2_PROXY) {
      return HeaderReader.refused("unknown command");
    }
    if (count <= FAMILY_AT || command == LOCAL) {
      return null;
    }
    return switch (octets[FAMILY_AT]) {
      case UNSPECIFIED, ProxyHeader.TCP_OVER_IPV4, ProxyHeader.TCP_OVER_IPV6 -> null;
      default -> HeaderReader.refused("unknown family");
    };
  }

  /** A whole header, whose preface was not refused. */
  static HeaderVerdict read(byte[] octets) {
    if (octets[COMMAND_AT] == LOCAL || octets[FAMILY_AT] == UNSPECIFIED) {
      return new HeaderVerdict.Own(); // Whatever follows is to be ignored.
    }
    boolean ipv6 = octets[FAMILY_AT] == ProxyHeader.TCP_OVER_IPV6;
    int addresses = ipv6 ? ProxyHeader.IPV6 : ProxyHeader.IPV4;
    ByteBuffer rest = ByteBuffer.wrap(octets).position(ProxyHeader.PREFACE);
    if (rest.remaining() < 2 * addresses + ProxyHeader.PORTS) {
      return HeaderReader.refused("too short for its addresses");
    }
    InetAddress source = address(rest, addresses);
    InetAddress destination = address(rest, addresses);
    int sourcePort = rest.getShort() & 0xffff;
    int destinationPort = rest.getShort() & 0xffff;
    HeaderVerdict bad = judge(rest, octets);
    return bad == null ? Told.of(source, sourcePort, destination, destinationPort) : bad;
  }

  private static InetAddress address(ByteBuffer from, int octets) {
    byte[] address = new byte[octets];
    from.get(address);
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** What is wrong with the facts; null for nothing. */
  private static @Nullable HeaderVerdict judge(ByteBuffer facts, byte[] octets) {
    while (facts.hasRemaining()) {
      int type = facts.get();
      int length = facts.remaining() < Short.BYTES ? -1 : facts.getShort() & 0xffff;
      if (length < 0 || length > facts.remaining()) {
        return HeaderReader.refused("a fact longer than the header");
      }
      if (type == CRC32C_TYPE && !isSum(facts, length, octets)) {
        return HeaderReader.refused("wrong check sum");
      }
      facts.position(facts.position() + length);
    }
    return null;
  }

  /** Whether the sum at this place is that of the header with zeros there (section 2.2.3). */
  private static boolean isSum(ByteBuffer facts, int length, byte[] octets) {
    if (length != CRC32C_OCTETS) {
      return false;
    }
    CRC32C sum = new CRC32C();
    int after = facts.position() + length;
    sum.update(octets, 0, facts.position());
    sum.update(new byte[CRC32C_OCTETS]);
    sum.update(octets, after, octets.length - after);
    return (int) sum.getValue() == facts.getInt(facts.position());
  }
}
