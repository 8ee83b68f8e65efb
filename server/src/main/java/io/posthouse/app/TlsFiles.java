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
import java.util.ArrayList;
import java.util.List;

/** Tries the files that a configuration names for TLS, before anything changes. */
final class TlsFiles {
  private TlsFiles() {}

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
