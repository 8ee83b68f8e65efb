package io.posthouse.config;

import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/** Whether endpoints name the same sockets, however they are written. */
final class Sockets {
  private Sockets() {}

  /**
   * Whether two listen addresses cannot both be bound: the same port, and the same address or one
   * that covers the other. {@code [::]} covers IPv4 too, as Linux binds it. Port 0 never meets
   * another.
   */
  static boolean meet(Endpoint a, Endpoint b) {
    if (a.port() != b.port() || a.port() == 0) {
      return false;
    }
    return a.host().equals(b.host())
        || covers(a.host(), b.host())
        || covers(b.host(), a.host())
        || (address(a.host()).isPresent() && address(a.host()).equals(address(b.host())));
  }

  /** Whether two members are the same host and port; names are not looked up. */
  static boolean same(Endpoint a, Endpoint b) {
    return a.port() == b.port() && canonical(a.host()).equals(canonical(b.host()));
  }

  /** Whether a connection to {@code target} surely ends at the listener {@code listen}. */
  static boolean reaches(Endpoint target, Endpoint listen) {
    boolean loopback = address(target.host()).map(InetAddress::isLoopbackAddress).orElse(false);
    return target.port() == listen.port()
        && target.port() != 0
        && (same(target, listen) || (loopback && covers(listen.host(), target.host())));
  }

  private static boolean covers(String wildcard, String host) {
    Optional<InetAddress> any = address(wildcard);
    if (wildcard.equals("*") || (any.isPresent() && isWildcard6(any.get()))) {
      return true;
    }
    boolean any4 = any.map(InetAddress::isAnyLocalAddress).orElse(false);
    return any4
        && (host.equals("*")
            || address(host).map(other -> other.getAddress().length == 4).orElse(false));
  }

  private static boolean isWildcard6(InetAddress address) {
    return address.isAnyLocalAddress() && address.getAddress().length == 16;
  }

  private static String canonical(String host) {
    return address(host)
        .map(InetAddress::getHostAddress)
        .orElseGet(() -> host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""));
  }

  private static Optional<InetAddress> address(String host) {
    return IpAddress.parse(host);
  }
}
