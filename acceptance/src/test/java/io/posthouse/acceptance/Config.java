package io.posthouse.acceptance;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A configuration file for Posthouse: one pool named hub, one virtual server named SMTP_VS. */
final class Config {
  private final int adminPort = Ports.free();
  private final Set<String> listen = new LinkedHashSet<>();
  private final Map<String, String> members = new LinkedHashMap<>();
  private final Map<String, String> monitors = new LinkedHashMap<>();
  private String limits = "{ shutdown-timeout: 30s }";
  private String log = "{ level: info }";
  private String pool = "";
  private String settings = "mode: tcp";
  private final Map<Server, String> alone = new LinkedHashMap<>();
  private final Map<String, String> blocks = new LinkedHashMap<>();
  private final Map<String, String> clientClasses = new LinkedHashMap<>();
  private final Map<String, String> furtherPools = new LinkedHashMap<>();
  private final Map<String, String> furtherServers = new LinkedHashMap<>();

  /** The port of its API. */
  int adminPort() {
    return adminPort;
  }

  Config listen(String address) {
    listen.add(address);
    return this;
  }

  Config notListen(String address) {
    listen.remove(address);
    return this;
  }

  Config member(Server server) {
    return member(server.name(), '"' + server.address() + '"');
  }

  /** Adds a member, given as its value in YAML. */
  Config member(String name, String value) {
    members.put(name, value);
    return this;
  }

  Config notMember(String name) {
    members.remove(name);
    return this;
  }

  /** Adds a monitor, given as the inside of a flow mapping, and has the pool use it. */
  Config monitor(String name, String settings) {
    monitors.put(name, settings);
    return this;
  }

  Config notMonitor(String name) {
    monitors.remove(name);
    return this;
  }

  /** The block limits, as a flow mapping. */
  Config limits(String settings) {
    limits = settings;
    return this;
  }

  /** The block log, as a flow mapping. */
  Config log(String settings) {
    log = settings;
    return this;
  }

  /** A line for the pool. */
  Config pool(String line) {
    pool = line;
    return this;
  }

  /** The mode, with nothing set of it. */
  Config mode(String name) {
    settings = "mode: " + name;
    return this;
  }

  /** Mode smtp, with these settings of smtp, given as the inside of a flow mapping. */
  Config smtp(String inside) {
    settings = "mode: smtp\n    smtp: { " + inside + " }";
    return this;
  }

  /** Adds a virtual server, and a pool, for this member alone; both are named as it. */
  Config alone(Server server, String listenThere) {
    alone.put(server, listenThere);
    return this;
  }

  /** The block tls of the virtual server, given as the inside of a flow mapping. */
  Config tls(String inside) {
    settings += "\n    tls: { " + inside + " }";
    return this;
  }

  /** Any other block of the file, given as its value in YAML. */
  Config block(String name, String value) {
    blocks.put(name, value);
    return this;
  }

  /** A client class of the virtual server, given as the inside of a flow mapping. */
  Config clientClass(String name, String inside) {
    clientClasses.put(name, inside);
    return this;
  }

  /** One more pool, given as the inside of a flow mapping. */
  Config furtherPool(String name, String inside) {
    furtherPools.put(name, inside);
    return this;
  }

  /** One more virtual server, given as the inside of a flow mapping. */
  Config furtherServer(String name, String inside) {
    furtherServers.put(name, inside);
    return this;
  }

  /** The file. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("version: 1\nhostname: balancer.acceptance.test\n");
    text.append("admin: { listen: 127.0.0.1:").append(adminPort).append(" }\n");
    text.append("log: ").append(log).append("\nlimits: ").append(limits).append('\n');
    if (!monitors.isEmpty()) {
      text.append("monitors:\n");
      monitors.forEach((name, settings) -> text.append("  %s: { %s }%n".formatted(name, settings)));
    }
    blocks.forEach((name, value) -> text.append("%s: %s%n".formatted(name, value)));
    if (!clientClasses.isEmpty()) {
      text.append("client-classes:\n");
      clientClasses.forEach(
          (name, inside) -> text.append("  %s: { %s }%n".formatted(name, inside)));
    }
    text.append("pools:\n  hub:\n");
    if (!pool.isEmpty()) {
      text.append("    ").append(pool).append('\n');
    }
    if (!monitors.isEmpty()) {
      text.append("    monitors: [").append(String.join(", ", monitors.keySet())).append("]\n");
    }
    text.append("    members:\n");
    members.forEach((name, address) -> text.append("      %s: %s%n".formatted(name, address)));
    alone
        .keySet()
        .forEach(each ->
            text.append(
                "  %1$s:\n    members:\n      %1$s: %2$s%n"
                    .formatted(each.name(), each.address())));
    furtherPools.forEach((name, inside) -> text.append("  %s: { %s }%n".formatted(name, inside)));
    text.append("virtual-servers:\n");
    virtualServer(text, "SMTP_VS", "hub", listen);
    if (!clientClasses.isEmpty()) {
      text.append("    classes: [").append(String.join(", ", clientClasses.keySet())).append("]\n");
    }
    alone.forEach(
        (each, address) -> virtualServer(text, each.name(), each.name(), Set.of(address)));
    furtherServers.forEach((name, inside) -> text.append("  %s: { %s }%n".formatted(name, inside)));
    return text.toString();
  }

  private void virtualServer(
      StringBuilder text, String name, String poolName, Set<String> addresses) {
    text.append("  %s:%n    %s%n    pool: %s%n    listen:%n".formatted(name, settings, poolName));
    addresses.forEach(address -> text.append("      - \"").append(address).append("\"\n"));
  }
}
