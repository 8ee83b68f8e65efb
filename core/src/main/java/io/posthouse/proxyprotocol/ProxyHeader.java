package io.posthouse.proxyprotocol;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Whose connection it is, told in front of it: command PROXY, over TCP.
 *
 * <p>UNKNOWN and LOCAL are never written: MTAs do not take them for SMTP. Where one address is IPv4
 * and the other IPv6, the IPv4 one is written as IPv6 (RFC 4291 section 2.5.5.2), since a header
 * has one family. Zones are left out: they mean something on one machine only.
 *
 * @param source the client's address
 * @param destination the address that the client connected to
 * @param tlvs further facts, for version 2 only
 */
public record ProxyHeader(
    InetAddress source,
    int sourcePort,
    InetAddress destination,
    int destinationPort,
    List<Tlv> tlvs) {
  /** The longest header of version 1, with its line end (section 2.1). */
  public static final int MAX_V1 = 107;

  static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
  static final int VERSION_2_PROXY = 0x21;
  static final int TCP_OVER_IPV4 = 0x11;
  static final int TCP_OVER_IPV6 = 0x21;
  static final int PREFACE = 16;
  static final int PORTS = 4;
  static final int IPV4 = 4;
  private static final byte[] BROADCAST = {-1, -1, -1, -1};
  static final int IPV6 = 16;

  /** Refuses ports that no TCP has, and more TLVs than the length of a header can say. */
  public ProxyHeader {
    tlvs = List.copyOf(tlvs);
    if ((sourcePort & ~0xffff) != 0 || (destinationPort & ~0xffff) != 0) {
      throw new IllegalArgumentException("no ports: %d, %d".formatted(sourcePort, destinationPort));
    }
    if (Tlv.octets(tlvs) > 0xffff - 2 * IPV6 - PORTS) {
      throw new IllegalArgumentException("too many octets of TLVs");
    }
  }

  /** One without further facts. */
  public ProxyHeader(
      InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
    this(source, sourcePort, destination, destinationPort, List.of());
  }

  /** Whether a host can have an address: it is not the unspecified one, nor one of many hosts. */
  public static boolean isHost(InetAddress address) {
    return !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && !Arrays.equals(address.getAddress(), BROADCAST);
  }

  /** The line of version 1, at most {@value #MAX_V1} octets with its line end. */
  public byte[] v1() {
    String line =
        "PROXY %s %s %s %d %d\r\n"
            .formatted(
                isIpv4() ? "TCP4" : "TCP6",
                text(source),
                text(destination),
                sourcePort,
                destinationPort);
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  /** The header of version 2. */
  public byte[] v2() {
    int length = (isIpv4() ? 2 * IPV4 : 2 * IPV6) + PORTS + Tlv.octets(tlvs);
    ByteBuffer header = ByteBuffer.allocate(PREFACE + length);
    header.put(SIGNATURE).put((byte) VERSION_2_PROXY);
    header.put((byte) (isIpv4() ? TCP_OVER_IPV4 : TCP_OVER_IPV6)).putShort((short) length);
    header.put(octets(source)).put(octets(destination));
    header.putShort((short) sourcePort).putShort((short) destinationPort);
    tlvs.forEach(tlv -> tlv.put(header));
    return header.array();
  }

  private boolean isIpv4() {
    return source instanceof Inet4Address && destination instanceof Inet4Address;
  }

  private String text(InetAddress address) {
    if (address instanceof Inet4Address && !isIpv4()) {
      return "::ffff:" + address.getHostAddress();
    }
    return address.getHostAddress().replaceFirst("%.*", "");
  }

  private byte[] octets(InetAddress address) {
    byte[] own = address.getAddress();
    if (isIpv4() || own.length == IPV6) {
      return own;
    }
    ByteBuffer mapped = ByteBuffer.allocate(IPV6);
    mapped.putShort(10, (short) 0xffff);
    mapped.put(12, own);
    return mapped.array();
  }
}
