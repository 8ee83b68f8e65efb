package io.posthouse.backend;

import io.netty.channel.socket.SocketChannel;
import io.posthouse.health.InsideSenders;
import io.posthouse.model.ClientClass;
import io.posthouse.model.ClientClass.MemberAddress;
import io.posthouse.model.IpAddress;
import io.posthouse.persist.PersistenceTable;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.RelayGuard;
import io.posthouse.policy.Source;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one class are served with on one virtual server.
 *
 * @param settings the class as the running configuration has it
 * @param pool where their work goes
 * @param persistence what remembers them; null for none
 * @param inside whose senders are inside
 * @param source the address that members see
 * @param relay which recipients they may send to
 * @param bounds how many links and messages they may have; shared by virtual servers
 * @param counts how many there were
 * @param targets where members are reached for this class alone, by name
 */
public record Route(
    ClientClass settings,
    BackendPool pool,
    @Nullable PersistenceTable persistence,
    InsideSenders inside,
    Source source,
    RelayGuard relay,
    ClassBounds bounds,
    RouteCounts counts,
    Map<String, InetSocketAddress> targets) {

  /** The addresses that a class has for members; they are literals. */
  public static Map<String, InetSocketAddress> targets(ClientClass settings) {
    Map<String, InetSocketAddress> targets = new HashMap<>();
    for (MemberAddress each : settings.memberAddresses().values()) {
      IpAddress.parse(each.address().host())
          .ifPresent(address ->
              targets.put(each.name(), new InetSocketAddress(address, each.address().port())));
    }
    return Map.copyOf(targets);
  }

  /** The same to members of another pool, which has no addresses of its own for the class. */
  public Route to(
      BackendPool other, @Nullable PersistenceTable remembering, InsideSenders senders) {
    ClientClass sent = settings.sentTo(other.name(), null);
    return new Route(sent, other, remembering, senders, source, relay, bounds, counts, Map.of());
  }

  /** The same from another source address. */
  Route from(Source other) {
    return new Route(settings, pool, persistence, inside, other, relay, bounds, counts, targets);
  }

  /** Where a member is reached; null as long as its name was never resolved. */
  @Nullable InetSocketAddress target(MemberConnections member) {
    InetSocketAddress own = targets.get(member.member().name());
    InetSocketAddress address = own == null ? member.address() : own;
    if (own != null || address == null || settings.memberPort() == 0) {
      return address;
    }
    return new InetSocketAddress(address.getAddress(), settings.memberPort());
  }

  /** Whether a client can be given a source address towards a target. */
  boolean reaches(InetAddress client, InetSocketAddress target) {
    return source.reaches(client, isIpv6(target));
  }

  /** The source address of a client towards a target; null for the kernel's choice. */
  @Nullable InetAddress source(InetAddress client, long clientHash, InetSocketAddress target) {
    return source.pick(client, clientHash, isIpv6(target));
  }

  /** The address that a member sees on a connection; null for the client's own. */
  public @Nullable InetAddress seen(SocketChannel connection) {
    InetSocketAddress local = isTransparent() ? null : connection.localAddress();
    return local == null ? null : local.getAddress();
  }

  /** Whether the source address is the client's own. */
  boolean isTransparent() {
    return source instanceof Source.Transparent;
  }

  private static boolean isIpv6(InetSocketAddress target) {
    return target.getAddress() instanceof Inet6Address;
  }
}
