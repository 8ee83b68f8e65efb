package io.posthouse.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and writes IP address literals without ever asking DNS. */
public final class IpAddress {
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?");

  private IpAddress() {}

  /** Whether the text is four decimal octets without leading zeros. */
  public static boolean isIpv4(String text) {
    return ipv4(text) >= 0;
  }

  /** The octets of such a text as one number; -1 for any other. Long lists are read by it. */
  private static long ipv4(String text) {
    long address = 0;
    int octets = 0;
    int from = 0;
    while (octets < 4) {
      int end = octets < 3 ? text.indexOf('.', from) : text.length();
      int octet = end < 0 ? -1 : octet(text, from, end);
      if (octet < 0) {
        return -1;
      }
      address = (address << 8) | octet;
      octets++;
      from = end + 1;
    }
    return address;
  }

  private static int octet(String text, int from, int end) {
    if (end <= from || end - from > 3 || (end - from > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int octet = 0;
    for (int i = from; i < end; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      octet = octet * 10 + digit - '0';
    }
    return octet <= 255 ? octet : -1;
  }

  /** Whether the text is an RFC 4291 section 2.2 literal, with or without a zone. */
  public static boolean isIpv6(String text) {
    if (text.indexOf(':') < 0 || !IPV6.matcher(text).matches()) {
      return false;
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException notAnAddress) {
      // A zone that this machine does not have is a literal all the same.
      return text.indexOf('%') > 0 && isIpv6(text.substring(0, text.indexOf('%')));
    }
  }

  /** The address of a literal; empty for a name. */
  public static Optional<InetAddress> parse(String text) {
    long ipv4 = ipv4(text);
    if (ipv4 >= 0) {
      return Optional.of(address(ByteBuffer.allocate(4).putInt((int) ipv4).array()));
    } else if (text.indexOf(':') < 0 || !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException noAddressOrUnknownZone) {
      return Optional.empty();
    }
  }

  /** The address as people write it: IPv6 shortened (RFC 5952 section 4), and without a zone. */
  public static String text(InetAddress address) {
    String full = address.getHostAddress().replaceFirst("%.*", "");
    for (int zeros = 8; zeros > 1; zeros--) {
      String shorter = full.replaceFirst("(^|:)0(:0){%d}(:|$)".formatted(zeros - 1), "::");
      if (!shorter.equals(full)) {
        return shorter;
      }
    }
    return full;
  }

  private static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException wrongLength) {
      throw new IllegalStateException(wrongLength);
    }
  }
}
