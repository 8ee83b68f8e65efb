package io.posthouse.bench.compare;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** The configurations of both balancers, which say the same thing twice. */
final class Configurations {

  /** Links beyond this are not asked for by any scenario. */
  private static final int MOST_LINKS = 20_000;

  private Configurations() {}

  /**
   * HAProxy's: mode tcp, round robin, no log; implicit TLS towards clients, and TLS again towards
   * members, where the setup says so.
   *
   * @param certificate where TLS takes certificate and key from
   * @param descriptors the hard limit of open files, of which a link takes two
   */
  static String haproxy(
      Setup setup,
      InetSocketAddress listen,
      List<InetSocketAddress> members,
      Path certificate,
      int threads,
      long descriptors) {
    String server = setup == Setup.TLS_MEMBERS ? " ssl verify none" : "";
    return head(threads, descriptors)
        + """
        listen smtp
            bind %s
            balance roundrobin
            server s1 %s
            server s2 %s
        """
            .formatted(
                text(listen) + (setup.isTls() ? " ssl crt " + certificate : ""),
                text(members.get(0)) + server,
                text(members.get(1)) + server);
  }

  /** One more HAProxy that ends implicit TLS before each sink, since smtp-sink knows no TLS. */
  static String tlsMembers(
      List<InetSocketAddress> listen,
      List<InetSocketAddress> sinks,
      Path certificate,
      int threads,
      long descriptors) {
    StringBuilder text = new StringBuilder(head(threads, descriptors));
    for (int i = 0; i < sinks.size(); i++) {
      text.append(
          """
          listen member%d
              bind %s ssl crt %s ciphersuites TLS_AES_128_GCM_SHA256
              server sink %s
          """
              .formatted(i + 1, text(listen.get(i)), certificate, text(sinks.get(i))));
    }
    return text.toString();
  }

  /** Tickets are on, and a session is resumed towards members, both by default. */
  private static String head(int threads, long descriptors) {
    long links = Math.max(100, Math.min(MOST_LINKS, (descriptors - 500) / 2));
    return """
    global
        nbthread %d
        maxconn %d
        ssl-default-bind-options ssl-min-ver TLSv1.2
        ssl-default-server-options ssl-min-ver TLSv1.2
    defaults
        mode tcp
        maxconn %d
        timeout connect 5s
        timeout client 11m
        timeout server 11m
    """
        .formatted(threads, links, links);
  }

  /** Posthouse's: the same in its setup, and no line in the log for each link or message. */
  static String posthouse(
      Setup setup,
      InetSocketAddress listen,
      InetSocketAddress admin,
      List<InetSocketAddress> members,
      InetSocketAddress resolver,
      int threads) {
    return """
    version: 1
    state-directory: state-of-%s
    admin: { listen: "%s" }
    log: { links: false }
    limits: { threads: %d, shutdown-timeout: 1s }
    %s
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
            setup.key(),
            text(admin),
            threads,
            setup.top(resolver),
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
