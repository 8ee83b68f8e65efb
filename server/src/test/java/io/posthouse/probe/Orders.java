package io.posthouse.probe;

import io.posthouse.health.ProbeOrder;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.AliasPort;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.Monitor.Senders;
import io.posthouse.testkit.ScriptedServer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Monitors and orders for tests. */
final class Orders {
  private Orders() {}

  static Monitor smtp(Depth depth, Duration timeout) {
    return monitor(Monitor.Type.SMTP, depth, timeout, null);
  }

  static Monitor tcp(Duration timeout) {
    return monitor(Monitor.Type.TCP, Depth.CONNECT, timeout, null);
  }

  static Monitor exec(Duration timeout, String... command) {
    return monitor(Monitor.Type.EXEC, Depth.CONNECT, timeout, List.of(command));
  }

  static ProbeOrder to(ScriptedServer server, Monitor monitor) {
    return new ProbeOrder("hub", "ex1", new Endpoint(server.host(), server.port()), monitor);
  }

  private static Monitor monitor(
      Monitor.Type type, Depth depth, Duration timeout, @Nullable List<String> command) {
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
        "monitor.contoso.com",
        new Senders("probe@contoso.com", "probe@example.net"),
        "postmaster@contoso.com",
        command);
  }
}
