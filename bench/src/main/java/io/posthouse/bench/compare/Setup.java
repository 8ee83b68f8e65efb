package io.posthouse.bench.compare;

import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * How Posthouse is set up; each setup is a process of its own, so that none warms another's JIT,
 * and has a HAProxy to match.
 */
enum Setup {
  TCP("tcp", "mode: tcp\n    idle-timeout: 11m", ""),
  /** Connections to the sinks wait for the next message, as many as by default. */
  SMTP("smtp", "mode: smtp", ""),
  /** Every message opens a connection to its sink. */
  SMTP_FRESH("smtp", "mode: smtp", "reuse: { idle-connections: 0 }"),
  /**
   * Client classes of which the first has long lists, and the one that matches has limits; against
   * Posthouse without classes in HAProxy's place.
   */
  CLASSES("classes", "mode: smtp\n    classes: [listed, internet]", ""),
  /** All edge checks and ten rules, against Posthouse without in HAProxy's place. */
  CHECKS("checks", ChecksAndRules.SERVER, ""),
  /** The same, and no greeting is held. */
  CHECKS_LINKS("checks", ChecksAndRules.SERVER, ""),
  /** Clients may say STARTTLS, the sinks are spoken to in plain; HAProxy's port is implicit TLS. */
  TLS("tls", Setup.STARTTLS, ""),
  /** The same, and TLS again, from the first octet, to the members. */
  TLS_MEMBERS("tls", Setup.STARTTLS, "tls: { mode: required, implicit: true }");

  private static final String STARTTLS =
      "mode: smtp\n    tls: { starttls: optional, certificate: server.pem }";

  private final String group;
  private final String server;
  private final String pool;

  Setup(String group, String server, String pool) {
    this.group = group;
    this.server = server;
    this.pool = pool;
  }

  /** The name under which its scenarios can be asked for together. */
  String group() {
    return group;
  }

  /** What its virtual server has beside address and pool. */
  String server() {
    return server;
  }

  /** What its pool has beside the members; may be empty. */
  String pool() {
    return pool;
  }

  /**
   * What its configuration has beside pools and virtual servers; may be empty.
   *
   * @param resolver the DNS server to ask
   */
  String top(InetSocketAddress resolver) {
    return switch (this) {
      case CLASSES -> ClientLists.CONFIGURATION;
      case CHECKS -> ChecksAndRules.configuration(resolver, true);
      case CHECKS_LINKS -> ChecksAndRules.configuration(resolver, false);
      case TCP, SMTP, SMTP_FRESH, TLS, TLS_MEMBERS -> "";
    };
  }

  /** Whether DNS is asked. */
  boolean asksDns() {
    return group.equals("checks");
  }

  /** Whether what it costs is wanted: then Posthouse in mode smtp without it is the other one. */
  boolean isAgainstPosthouse() {
    return group.equals("classes") || group.equals("checks");
  }

  /** Whether clients come in TLS. */
  boolean isTls() {
    return group.equals("tls");
  }

  /** Its name in files. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
