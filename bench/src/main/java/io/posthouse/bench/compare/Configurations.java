package io.posthouse.bench.compare;

import java.net.InetSocketAddress;
import java.util.List;

/** The configurations of both balancers, which say the same thing twice. */
final class Configurations {

  /** Links beyond this are not asked for by any scenario. */
  private static final int MOST_LINKS = 20_000;

  private Configurations() {}

  /**
   * HAProxy's: mode tcp, round robin, no log.
   *
   * @param descriptors the hard limit of open files, of which a link takes two
   */
  static String haproxy(
      InetSocketAddress listen, List<InetSocketAddress> members, int threads, long descriptors) {
    long links = Math.max(100, Math.min(MOST_LINKS, (descriptors - 500) / 2));
    return """
    global
        nbthread %d
        maxconn %d
    defaults
        mode tcp
        maxconn %d
        timeout connect 5s
        timeout client 11m
        timeout server 11m
    listen smtp
        bind %s
        balance roundrobin
        server s1 %s
        server s2 %s
    """
        .formatted(threads, links, links, text(listen), text(members.get(0)), text(members.get(1)));
  }

  /** Posthouse's: the same in its setup, and no line in the log for each link or message. */
  static String posthouse(
      Setup setup,
      InetSocketAddress listen,
      InetSocketAddress admin,
      List<InetSocketAddress> members,
      int threads) {
    return """
    version: 1
    state-directory: state
    admin: { listen: "%s" }
    log: { links: false }
    limits: { threads: %d, shutdown-timeout: 1s }
    pools:
      sinks:
        balance: round-robin
        connect-timeout: 5s
        %s
        members:
          s1: "%s"
          s2: "%s"
    virtual-servers:
      smtp:
        listen: "%s"
        pool: sinks
        %s
    """
        .formatted(
            text(admin),
            threads,
            setup.pool(),
            text(members.get(0)),
            text(members.get(1)),
            text(listen),
            setup.server());
  }

  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
