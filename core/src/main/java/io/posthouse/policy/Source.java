package io.posthouse.policy;

import io.posthouse.model.IpAddress;
import io.posthouse.model.SnatPool;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The source address that members see for a client class. */
public sealed interface Source {
  /** The kernel's choice, by its route to the member. */
  record Automap() implements Source {}

  /** The client's own. */
  record Transparent() implements Source {}

  /** One of ours; the client's address decides which. */
  record Listed(List<InetAddress> ipv4, List<InetAddress> ipv6) implements Source {
    /** Copies both. */
    public Listed {
      ipv4 = List.copyOf(ipv4);
      ipv6 = List.copyOf(ipv6);
    }
  }

  /** What the key {@code snat} of a class means; it was checked. */
  static Source of(String snat, Map<String, SnatPool> pools) {
    switch (snat) {
      case "automap":
        return new Automap();
      case "none":
        return new Transparent();
      default:
        SnatPool pool = pools.get(snat);
        return listed(pool == null ? List.of(snat) : pool.addresses());
    }
  }

  private static Listed listed(List<String> addresses) {
    List<InetAddress> ipv4 = new ArrayList<>();
    List<InetAddress> ipv6 = new ArrayList<>();
    for (String each : addresses) {
      InetAddress address = IpAddress.parse(each).orElseThrow();
      (address instanceof Inet6Address ? ipv6 : ipv4).add(address);
    }
    return new Listed(ipv4, ipv6);
  }

  /** Whether there is an address for a client towards a member of a family. */
  default boolean reaches(InetAddress client, boolean ipv6) {
    return switch (this) {
      case Automap _ -> true;
      case Transparent _ -> client instanceof Inet6Address == ipv6;
      case Listed listed -> !(ipv6 ? listed.ipv6 : listed.ipv4).isEmpty();
    };
  }

  /**
   * The address for a client towards a member of a family that it {@link #reaches}; null for the
   * kernel's choice.
   *
   * @param clientHash a well mixed hash of the client's address, so that it keeps its source
   */
  default @Nullable InetAddress pick(InetAddress client, long clientHash, boolean ipv6) {
    return switch (this) {
      case Automap _ -> null;
      case Transparent _ -> client;
      case Listed listed -> {
        List<InetAddress> ours = ipv6 ? listed.ipv6 : listed.ipv4;
        yield ours.get((int) Long.remainderUnsigned(clientHash, ours.size()));
      }
    };
  }
}
