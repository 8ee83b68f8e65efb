package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.MemberConnections;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.probe.Resolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Host names of members and their last known addresses.
 *
 * <p>Literals need nobody. Names are looked up on virtual threads, at once and again on the pool's
 * timer; when DNS fails the last answer is kept. Of several addresses the first is used, so that a
 * member stays one server.
 */
final class Names implements Resolver {
  private final EventSink events;
  private final ReconcilerThread thread;
  private final Map<String, InetAddress> known = new ConcurrentHashMap<>();

  /**
   * The generation whose timer runs, by pool; a reload starts others. The reconciler's thread only.
   */
  private Map<String, Long> timers = new HashMap<>();

  Names(EventSink events, ReconcilerThread thread) {
    this.events = events;
    this.thread = thread;
  }

  @Override
  public InetAddress resolve(String host) throws UnknownHostException {
    InetAddress literal = IpAddress.parse(host).orElse(null);
    if (literal != null) {
      return literal;
    }
    try {
      InetAddress answer = InetAddress.getByName(host);
      known.put(host, answer);
      return answer;
    } catch (UnknownHostException e) {
      InetAddress last = known.get(host);
      events.emit(
          Event.of(
              EventKind.RESOLVE_FAILED,
              "name",
              host,
              "last",
              last == null ? "none, the member gets no work" : last.getHostAddress()));
      if (last == null) {
        throw e;
      }
      return last;
    }
  }

  /** Gives every member its address, and again on the timer of pools that have names. */
  void follow(Configuration configuration, Reconciler reconciler) {
    Plane plane = reconciler.plane();
    Map<String, Long> next = new HashMap<>();
    if (plane != null) {
      long generation = plane.generation();
      plane
          .pools()
          .forEach((name, pool) -> {
            next.put(name, generation);
            lookUp(pool);
            if (pool.members().values().stream().anyMatch(m -> !m.member().address().isLiteral())) {
              again(name, pool, generation);
            }
          });
    }
    timers = next;
  }

  private void again(String name, BackendPool pool, long generation) {
    thread.later(
        () -> {
          if (generation == timers.getOrDefault(name, 0L)) {
            lookUp(pool);
            again(name, pool, generation);
          }
        },
        pool.pool().resolveInterval().toMillis());
  }

  private void lookUp(BackendPool pool) {
    for (MemberConnections member : pool.members().values()) {
      Endpoint address = member.member().address();
      InetAddress literal = IpAddress.parse(address.host()).orElse(null);
      if (literal != null) {
        member.address(new InetSocketAddress(literal, address.port()));
      } else {
        Thread.ofVirtual().name("resolve " + address.host()).start(() -> setFound(member, address));
      }
    }
  }

  private void setFound(MemberConnections member, Endpoint address) {
    InetAddress found = resolveOrNull(address.host());
    if (found != null) {
      member.address(new InetSocketAddress(found, address.port()));
    }
  }

  private @Nullable InetAddress resolveOrNull(String host) {
    try {
      return resolve(host);
    } catch (UnknownHostException alreadySaid) {
      return null;
    }
  }
}
