package io.posthouse.config;

import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Endpoints, each with what it belongs to, that finds the one another endpoint meets, however they
 * are written.
 *
 * <p>{@code *} and {@code [::]} cover every address of their port, since Linux binds {@code [::]}
 * for IPv4 too; {@code 0.0.0.0} covers those of IPv4. Names are not looked up. Port 0 meets
 * nothing. The table costs the same whatever a hostile file puts into it.
 */
final class SocketTable<T> {
  private final Map<String, T> exact = new HashMap<>();
  private final Map<Integer, T> first = new HashMap<>();
  private final Map<Integer, T> firstIpv4 = new HashMap<>();
  private final Map<Integer, T> everything = new HashMap<>();
  private final Map<Integer, T> everyIpv4 = new HashMap<>();

  private enum Reach {
    EVERYTHING,
    EVERY_IPV4,
    ONE_IPV4,
    ONE_OTHER
  }

  /** Adds an endpoint; of two that are the same the first stays. */
  void put(Endpoint endpoint, T owner) {
    int port = endpoint.port();
    if (port == 0) {
      return;
    }
    exact.putIfAbsent(canonical(endpoint), owner);
    first.putIfAbsent(port, owner);
    switch (reach(endpoint.host())) {
      case EVERYTHING -> {
        everything.putIfAbsent(port, owner);
        firstIpv4.putIfAbsent(port, owner);
      }
      case EVERY_IPV4 -> {
        everyIpv4.putIfAbsent(port, owner);
        firstIpv4.putIfAbsent(port, owner);
      }
      case ONE_IPV4 -> firstIpv4.putIfAbsent(port, owner);
      case ONE_OTHER -> {}
    }
  }

  /** The owner of the very same host and port. */
  Optional<T> same(Endpoint endpoint) {
    return endpoint.port() == 0
        ? Optional.empty()
        : Optional.ofNullable(exact.get(canonical(endpoint)));
  }

  /** The owner of an endpoint that cannot be bound beside this one. */
  Optional<T> meeting(Endpoint endpoint) {
    return same(endpoint)
        .or(() ->
            switch (reach(endpoint.host())) {
              case EVERYTHING -> at(first, endpoint);
              case EVERY_IPV4 -> at(firstIpv4, endpoint);
              case ONE_IPV4 -> at(everything, endpoint).or(() -> at(everyIpv4, endpoint));
              case ONE_OTHER -> at(everything, endpoint);
            });
  }

  /** The owner of a listener at which a connection to the target surely ends. */
  Optional<T> reachedBy(Endpoint target) {
    boolean loopback =
        IpAddress.parse(target.host()).map(InetAddress::isLoopbackAddress).orElse(false);
    return loopback ? meeting(target) : same(target);
  }

  private Optional<T> at(Map<Integer, T> owners, Endpoint endpoint) {
    return Optional.ofNullable(owners.get(endpoint.port()));
  }

  private static Reach reach(String host) {
    if (host.equals("*")) {
      return Reach.EVERYTHING;
    }
    Optional<InetAddress> address = IpAddress.parse(host);
    boolean any = address.map(InetAddress::isAnyLocalAddress).orElse(false);
    boolean ipv4 = address.map(literal -> literal.getAddress().length == 4).orElse(false);
    if (any) {
      return ipv4 ? Reach.EVERY_IPV4 : Reach.EVERYTHING;
    }
    return ipv4 ? Reach.ONE_IPV4 : Reach.ONE_OTHER;
  }

  private static String canonical(Endpoint endpoint) {
    String host = endpoint.host();
    return IpAddress.parse(host)
            .map(InetAddress::getHostAddress)
            .orElseGet(() -> host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""))
        + ' '
        + endpoint.port();
  }
}
