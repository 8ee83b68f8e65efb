package io.posthouse.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads IP address literals without ever asking DNS. */
public final class IpAddress {
  private IpAddress() {}

  /** Whether the text is four decimal octets without leading zeros. */
  public static boolean isIpv4(String text) {
    String[] octets = text.split("\\.", -1);
    if (octets.length != 4) {
      return false;
    }
    for (String octet : octets) {
      if (!octet.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(octet) > 255) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text is an RFC 4291 section 2.2 literal, with or without a zone. */
  public static boolean isIpv6(String text) {
    if (text.indexOf(':') < 0 || !text.matches("[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?")) {
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
    if (!isIpv4(text) && !isIpv6(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException unknownZone) {
      return Optional.empty();
    }
  }
}
