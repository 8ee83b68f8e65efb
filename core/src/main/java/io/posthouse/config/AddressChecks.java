package io.posthouse.config;

import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Checks addresses: what can be listened on, what can be connected to, and what meets. */
final class AddressChecks {
  private final Draft draft;
  private final Places places;
  private final boolean anyPort;
  private final SocketTable<Used> table = new SocketTable<>();

  private AddressChecks(Draft draft, ConfigFile.Ports ports) {
    this.draft = draft;
    this.places = draft.places();
    this.anyPort = ports == ConfigFile.Ports.ANY;
  }

  static void check(Draft draft, ConfigFile.Ports ports) {
    AddressChecks checks = new AddressChecks(draft, ports);
    checks.listeners();
    checks.admin();
    Map<String, SocketTable<VirtualServer>> inFront = checks.inFront();
    for (Pool pool : draft.configuration().pools().values()) {
      checks.members(pool, inFront.getOrDefault(pool.name(), new SocketTable<>()));
    }
  }

  private void listeners() {
    for (VirtualServer server : draft.configuration().virtualServers().values()) {
      String list = Places.path(Places.path("virtual-servers", server.name()), "listen");
      for (int i = 0; i < server.listen().size(); i++) {
        String path = places.item(list, i);
        if (places.good(path)) {
          listener(new Used(server.listen().get(i), path));
        }
      }
    }
  }

  private void listener(Used added) {
    if (!canListen(added)) {
      return;
    }
    Optional<Used> earlier = table.meeting(added.endpoint);
    if (earlier.isPresent()) {
      draft.error(
          added.path,
          added.endpoint + " " + isTaken(earlier.get()) + "; use another address or port");
    } else {
      table.put(added.endpoint, added);
    }
  }

  private String isTaken(Used earlier) {
    String line = " in line " + places.value(earlier.path).line();
    return "is already listened on by " + earlier.endpoint + line;
  }

  private void admin() {
    Used admin = new Used(draft.configuration().admin().listen(), "admin.listen");
    if (!places.trusted(admin.path) || !places.trusted("admin")) {
      return;
    }
    if (places.written(admin.path)) {
      if (!canListen(admin)) {
        return;
      }
      boolean loopback =
          IpAddress.parse(admin.endpoint.host()).map(InetAddress::isLoopbackAddress).orElse(false);
      if (!loopback) {
        draft.error(
            admin.path,
            "the API has no TLS in this release and is only for this machine; write 127.0.0.1:"
                + admin.endpoint.port()
                + " and reach it through ssh");
        return;
      }
    }
    table.meeting(admin.endpoint).ifPresent(listener -> adminMeets(admin, listener));
  }

  private void adminMeets(Used admin, Used listener) {
    if (places.written(admin.path)) {
      draft.error(admin.path, admin.endpoint + " " + isTaken(listener) + "; use another port");
    } else {
      draft.error(
          listener.path,
          listener.endpoint
              + " meets the default of admin.listen, "
              + admin.endpoint
              + "; set one of them to another port");
    }
  }

  /** Tells why nothing could be bound to the address. */
  private boolean canListen(Used listener) {
    Endpoint endpoint = listener.endpoint;
    if (!endpoint.host().equals("*") && !endpoint.isLiteral()) {
      draft.error(
          listener.path,
          "listening needs an address of this machine, not the name "
              + Words.quote(endpoint.host())
              + "; write its address, or \"*:"
              + endpoint.port()
              + "\" for all");
      return false;
    } else if (endpoint.port() == 0 && !anyPort) {
      draft.error(listener.path, "port 0 is no port that clients can find; write 1 to 65535");
      return false;
    }
    return true;
  }

  private void members(Pool pool, SocketTable<VirtualServer> inFront) {
    String section = Places.path(Places.path("pools", pool.name()), "members");
    SocketTable<Used> seen = new SocketTable<>();
    for (Member member : pool.members().values()) {
      Used added =
          new Used(member.address(), Places.path(Places.path(section, member.name()), "address"));
      if (places.good(added.path) && canConnect(added) && isNew(added, seen)) {
        inFront.reachedBy(added.endpoint).ifPresent(server -> loop(added, server));
        seen.put(added.endpoint, added);
      }
    }
  }

  /** The listeners behind which each pool stands. */
  private Map<String, SocketTable<VirtualServer>> inFront() {
    Map<String, SocketTable<VirtualServer>> listeners = new HashMap<>();
    Fronts fronts = new Fronts(draft.configuration());
    for (VirtualServer server : draft.configuration().virtualServers().values()) {
      for (String pool : fronts.pools(server)) {
        SocketTable<VirtualServer> own =
            listeners.computeIfAbsent(pool, name -> new SocketTable<>());
        server.listen().forEach(listen -> own.put(listen, server));
      }
    }
    return listeners;
  }

  private boolean canConnect(Used member) {
    Endpoint endpoint = member.endpoint;
    boolean anywhere =
        endpoint.host().equals("*")
            || IpAddress.parse(endpoint.host()).map(InetAddress::isAnyLocalAddress).orElse(false);
    if (anywhere) {
      draft.error(
          member.path,
          Words.quote(endpoint.host()) + " is only for listening; write the member's own address");
    } else if (endpoint.port() == 0) {
      draft.error(member.path, "port 0 cannot be connected to; write 1 to 65535");
    }
    return !anywhere && endpoint.port() != 0;
  }

  private boolean isNew(Used member, SocketTable<Used> seen) {
    Optional<Used> earlier = seen.same(member.endpoint);
    earlier.ifPresent(first ->
        draft.error(
            member.path,
            member.endpoint
                + " is already a member, in line "
                + places.value(first.path).line()
                + "; for a bigger share of the work give that one more weight"));
    return earlier.isEmpty();
  }

  private void loop(Used member, VirtualServer server) {
    draft.error(
        member.path,
        member.endpoint
            + " is where the virtual server "
            + Words.shorten(server.name())
            + " listens, so it would connect to itself; write the member's own address");
  }

  /** An address and the path that gives it. */
  private record Used(Endpoint endpoint, String path) {}
}
