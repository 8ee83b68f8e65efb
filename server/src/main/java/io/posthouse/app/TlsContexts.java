package io.posthouse.app;

import io.posthouse.model.Configuration;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Pool;
import io.posthouse.model.ServerTls;
import io.posthouse.model.VirtualServer;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsConnector;
import io.posthouse.net.TlsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the virtual servers and pools of a configuration do their TLS handshakes with, by name; made
 * from the files that the configuration names.
 */
record TlsContexts(Map<String, TlsAcceptor> servers, Map<String, TlsConnector> pools) {
  /** Of a configuration without TLS. */
  static final TlsContexts NONE = new TlsContexts(Map.of(), Map.of());

  /**
   * Reads the files. Blocks.
   *
   * @param directory what relative names of files are relative to
   * @param before those that run: their clients go on resuming sessions
   * @throws TlsException when one of the files cannot be used
   */
  static TlsContexts read(
      Configuration configuration, Path directory, TlsContexts before, Instant now)
      throws TlsException {
    Map<String, TlsAcceptor> servers = new LinkedHashMap<>();
    for (VirtualServer server : configuration.virtualServers().values()) {
      ServerTls tls = server.tls();
      if (tls != null) {
        TlsAcceptor previous = before.servers().get(server.name());
        servers.put(server.name(), TlsAcceptor.of(tls, directory, previous, now));
      }
    }
    Map<String, TlsConnector> pools = new LinkedHashMap<>();
    for (Pool pool : configuration.pools().values()) {
      if (pool.tls().mode() != MemberTls.Mode.OFF) {
        pools.put(pool.name(), connector(pool.tls(), directory, before.pools().get(pool.name())));
      }
    }
    return new TlsContexts(Map.copyOf(servers), Map.copyOf(pools));
  }

  /** The one that runs where nothing has changed, since kept connections and sessions are its. */
  private static TlsConnector connector(
      MemberTls settings, Path directory, @Nullable TlsConnector running) throws TlsException {
    return running != null && running.settings().equals(settings) && settings.ca() == null
        ? running
        : TlsConnector.of(settings, directory);
  }

  /** What is wrong with the files of a configuration, a line for each virtual server and pool. */
  static List<String> problems(Configuration configuration, Path directory) {
    List<String> problems = new ArrayList<>();
    for (VirtualServer server : configuration.virtualServers().values()) {
      ServerTls tls = server.tls();
      if (tls != null) {
        attempt("virtual server " + server.name(), () -> TlsAcceptor.of(tls, directory), problems);
      }
    }
    for (Pool pool : configuration.pools().values()) {
      if (pool.tls().mode() != MemberTls.Mode.OFF) {
        attempt("pool " + pool.name(), () -> TlsConnector.of(pool.tls(), directory), problems);
      }
    }
    return problems;
  }

  /** What may fail. */
  private interface Step {
    Object run() throws TlsException;
  }

  private static void attempt(String whose, Step step, List<String> problems) {
    try {
      step.run();
    } catch (TlsException e) {
      problems.add("tls of " + whose + ": " + e.getMessage());
    }
  }
}
