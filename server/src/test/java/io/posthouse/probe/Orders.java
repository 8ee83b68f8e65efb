package io.posthouse.probe;

import io.posthouse.health.ProbeOrder;
import io.posthouse.model.Announce;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.AliasPort;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.Monitor.Senders;
import io.posthouse.policy.ProbeSource;
import io.posthouse.testkit.ScriptedServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Monitors and orders for tests. */
final class Orders {
  private Orders() {}

  static Monitor smtp(Depth depth, Duration timeout) {
    return smtp(depth, timeout, "monitor.contoso.com");
  }

  static Monitor smtp(Depth depth, Duration timeout, String helo) {
    return monitor(Monitor.Type.SMTP, depth, timeout, helo, null);
  }

  /** The same, asking another port than the member's. */
  static Monitor smtp(Depth depth, Duration timeout, AliasPort port) {
    Monitor own = smtp(depth, timeout);
    return new Monitor(
        own.name(),
        own.type(),
        own.interval(),
        own.timeout(),
        own.downTime(),
        own.rise(),
        own.fall(),
        port,
        own.depth(),
        own.helo(),
        own.senders(),
        own.recipient(),
        own.command());
  }

  static Monitor tcp(Duration timeout) {
    return monitor(Monitor.Type.TCP, Depth.CONNECT, timeout, "lb", null);
  }

  static Monitor exec(Duration timeout, String... command) {
    return monitor(Monitor.Type.EXEC, Depth.CONNECT, timeout, "lb", List.of(command));
  }

  static ProbeOrder to(ScriptedServer server, Monitor monitor) {
    return to(new Endpoint(server.host(), server.port()), monitor);
  }

  static ProbeOrder to(Endpoint address, Monitor monitor) {
    return to(address, monitor, MemberTls.OFF, null);
  }

  static ProbeOrder to(Endpoint address, Monitor monitor, MemberTls tls, @Nullable String tlsName) {
    return new ProbeOrder(
        "hub", "ex1", address, monitor, tls, tlsName, Announce.NONE, ProbeSource.AUTOMAP);
  }

  /** The same to a member that is told of its clients in this way. */
  static ProbeOrder announced(ProbeOrder order, Announce announce) {
    return new ProbeOrder(
        order.pool(),
        order.member(),
        order.address(),
        order.monitor(),
        order.tls(),
        order.tlsName(),
        announce,
        order.source());
  }

  /** The same from one of our addresses. */
  static ProbeOrder from(String source, ProbeOrder order) {
    return new ProbeOrder(
        order.pool(),
        order.member(),
        order.address(),
        order.monitor(),
        order.tls(),
        order.tlsName(),
        order.announce(),
        new ProbeSource(InetAddress.ofLiteral(source)));
  }

  private static Monitor monitor(
      Monitor.Type type,
      Depth depth,
      Duration timeout,
      String helo,
      @Nullable List<String> command) {
    return new Monitor(
        "exch_smtp",
        type,
        Duration.ofSeconds(10),
        timeout,
        null,
        1,
        3,
        new AliasPort(0),
        depth,
        helo,
        new Senders("probe@contoso.com", "probe@example.net"),
        "postmaster@contoso.com",
        command);
  }
}
