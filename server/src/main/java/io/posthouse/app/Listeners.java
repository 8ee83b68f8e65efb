package io.posthouse.app;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.net.Acceptor;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.ListenException;
import io.posthouse.net.Listener;
import io.posthouse.net.Loops;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses that are bound, by how they stand in the file. For the reconciler's thread, but
 * {@link #bound}.
 */
final class Listeners {
  private final Loops loops;
  private final LinkLimit limit;
  private final EventSink events;
  private volatile Map<Endpoint, Listener> bound = Map.of();

  Listeners(Loops loops, LinkLimit limit, EventSink events) {
    this.loops = loops;
    this.limit = limit;
    this.events = events;
  }

  /** The bound addresses: as in the file, and as they really are where the file says port 0. */
  Map<Endpoint, Listener> bound() {
    return bound;
  }

  /**
   * Binds the addresses that are not bound yet; clients wait until {@link #serve}. All or nothing.
   *
   * @return the new ones
   */
  Map<Endpoint, Listener> prepare(Set<Endpoint> wanted) throws ListenException {
    Map<Endpoint, Listener> opened = new LinkedHashMap<>();
    try {
      for (Endpoint address : wanted) {
        if (!bound.containsKey(address)) {
          opened.put(address, Listener.open(address, loops, limit, events, overlaps(address)));
        }
      }
    } catch (ListenException e) {
      opened.values().forEach(Listener::close);
      throw e;
    }
    return opened;
  }

  /** Takes prepared listeners in and gives every bound address of the map to its acceptor. */
  void serve(Map<Endpoint, Listener> prepared, Map<Endpoint, ? extends Acceptor> acceptors) {
    Map<Endpoint, Listener> next = new HashMap<>(bound);
    next.putAll(prepared);
    bound = Map.copyOf(next);
    next.forEach((address, listener) -> {
      Acceptor acceptor = acceptors.get(covering(address, acceptors.keySet()).orElse(address));
      if (acceptor != null) {
        listener.serve(acceptor);
      }
    });
    prepared.values().forEach(listener -> say(EventKind.LISTENING, listener));
  }

  /**
   * Closes every bound address that is not wanted. One that a wanted address covers ({@code
   * 10.0.0.1:25} that became {@code *:25}) stays and serves for that: its clients come there in any
   * case, and closing would reset those who connect this moment.
   */
  void retire(Set<Endpoint> wanted) {
    Map<Endpoint, Listener> next = new HashMap<>(bound);
    List<Listener> closing = new ArrayList<>();
    bound.forEach((address, listener) -> {
      if (!wanted.contains(address) && covering(address, wanted).isEmpty()) {
        next.remove(address);
        closing.add(listener);
      }
    });
    bound = Map.copyOf(next);
    for (Listener listener : closing) {
      listener.close();
      say(EventKind.LISTENING_ENDED, listener);
    }
  }

  /**
   * Whether one of our own takes part of the address, so that the test for foreign ones would find
   * us.
   */
  private boolean overlaps(Endpoint address) {
    return bound.keySet().stream()
        .anyMatch(own ->
            own.port() == address.port()
                && (own.host().equals(address.host()) || isWildcard(own) || isWildcard(address)));
  }

  /** The one of others that would take the clients of an address if nobody listened on it. */
  private static Optional<Endpoint> covering(Endpoint address, Set<Endpoint> others) {
    if (others.contains(address)) {
      return Optional.empty();
    }
    return others.stream()
        .filter(other -> other.port() == address.port() && isWildcard(other))
        .filter(other -> !IpAddress.isIpv4(other.host()) || IpAddress.isIpv4(address.host()))
        .findFirst();
  }

  private static boolean isWildcard(Endpoint address) {
    return address.host().equals("*")
        || IpAddress.parse(address.host()).map(InetAddress::isAnyLocalAddress).orElse(false);
  }

  private void say(EventKind kind, Listener listener) {
    events.emit(Event.of(kind, "listen", listener.address().toString()));
  }
}
