package io.posthouse.bench;

import java.net.InetSocketAddress;

/** The text form of an address and port: {@code 127.0.0.1:25}, {@code [::1]:25}. */
final class Addresses {

  private Addresses() {}

  static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException(
          "not an address and port, as 127.0.0.1:25 or [::1]:25: " + text);
    }
    try {
      return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a port: " + text.substring(colon + 1), e);
    }
  }

  static String format(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
