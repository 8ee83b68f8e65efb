package io.posthouse.bench.compare;

import java.util.Locale;

/**
 * How Posthouse is set up; each setup is a process of its own, so that none warms another's JIT.
 */
enum Setup {
  TCP("mode: tcp\n    idle-timeout: 11m", ""),
  /** Connections to the sinks wait for the next message, as many as by default. */
  SMTP("mode: smtp", ""),
  /** Every message opens a connection to its sink. */
  SMTP_FRESH("mode: smtp", "reuse: { idle-connections: 0 }");

  private final String server;
  private final String pool;

  Setup(String server, String pool) {
    this.server = server;
    this.pool = pool;
  }

  /** What its virtual server has beside address and pool. */
  String server() {
    return server;
  }

  /** What its pool has beside the members; may be empty. */
  String pool() {
    return pool;
  }

  /** Its name in files. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
