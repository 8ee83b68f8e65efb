package io.posthouse.model;

import java.util.Optional;

/**
 * A host and a TCP port: {@code 10.1.1.21:25}, {@code [2001:db8::1]:25} or {@code
 * mail.example.net:25}.
 *
 * <p>IPv6 literals stand in brackets in the file and here without. The host is kept as written, not
 * resolved. {@code *} means every address of both families; it is only for listening.
 *
 * @param host an IPv4 literal, an IPv6 literal without brackets, a host name, or {@code *}
 * @param port 0 to 65535; 0 asks the system for a free port and is refused by {@code check}
 */
public record Endpoint(String host, int port) {

  /** Refuses an empty host or a port that no TCP has. */
  public Endpoint {
    if (host.isEmpty() || port < 0 || port > 65535) {
      throw new IllegalArgumentException("not a host and port: " + host + ":" + port);
    }
  }

  /** Reads the form of the file; empty when the text is not a host and a port from 0 to 65535. */
  public static Optional<Endpoint> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (!IpAddress.isIpv6(host)) {
        return Optional.empty();
      }
    } else if (host.indexOf(':') >= 0 || !isIpv4OrName(host)) {
      return Optional.empty();
    }
    if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int number = Integer.parseInt(port);
    return number > 65535 ? Optional.empty() : Optional.of(new Endpoint(host, number));
  }

  /** Whether the host is an address, so that nothing needs to be looked up. */
  public boolean isLiteral() {
    return IpAddress.isIpv4(host) || IpAddress.isIpv6(host);
  }

  /** The form of the file. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  /** RFC 1123 section 2.1 names; a name of digits and dots only is an address or nothing. */
  private static boolean isIpv4OrName(String host) {
    if (host.equals("*") || IpAddress.isIpv4(host)) {
      return true;
    }
    return host.length() <= 253
        && host.chars().anyMatch(c -> c != '.' && (c < '0' || c > '9'))
        && host.matches(
            "[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\\.?");
  }
}
