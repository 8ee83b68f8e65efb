package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.Routes;
import io.posthouse.backend.TrafficCounters;
import io.posthouse.door.EventSink;
import io.posthouse.door.Ticker;
import io.posthouse.door.Tracing;
import io.posthouse.edge.EdgePolicy;
import io.posthouse.edge.EdgeState;
import io.posthouse.model.Configuration;
import io.posthouse.model.EdgeChecks;
import io.posthouse.model.ServerTls;
import io.posthouse.model.SmtpSettings;
import io.posthouse.model.VirtualServer;
import io.posthouse.net.Dns;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.Loops;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.policy.Believed;
import io.posthouse.policy.DataGroups;
import io.posthouse.relay.TcpServer;
import io.posthouse.smtp.session.Security;
import io.posthouse.smtp.session.SessionLimits;
import io.posthouse.switching.ClientTraces;
import io.posthouse.switching.Edge;
import io.posthouse.switching.SmtpServer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes a virtual server's links follow its settings: the one that runs takes them over, unless its
 * mode is another; then a new one does, and the old one keeps the links it has.
 */
final class ServerFactory {
  /** Octets of bodies that may be kept for another try, all links together. */
  private static final long REPLAY_OCTETS = 64L * 1024 * 1024;

  /** Octets that recipients may take beyond the first few of a message, all links together. */
  private static final long ENVELOPE_OCTETS = 64L * 1024 * 1024;

  /** Commands between two messages that move none of them. */
  private static final int MOST_IDLE_COMMANDS = 100;

  /** How long one DNS server may take before the next is asked. */
  private static final long DNS_QUERY_MILLIS = 1_500;

  private final Loops loops;
  private final LinkLimit limit;
  private final EventSink events;
  private final RouteFactory routes;
  private final InstantSource clock;
  private final Dns dns;
  private final Map<String, EdgeState> edges = new HashMap<>();
  private final ClientTraces traces;
  private final TrafficCounters traffic;
  private final AtomicLong replayBudget = new AtomicLong(REPLAY_OCTETS);
  private final AtomicLong envelopeBudget = new AtomicLong(ENVELOPE_OCTETS);

  ServerFactory(
      Loops loops, LinkLimit limit, EventSink events, Ticker ticker, InstantSource clock) {
    this.clock = clock;
    this.loops = loops;
    this.limit = limit;
    this.events = events;
    this.routes = new RouteFactory(ticker, clock);
    this.traces = new ClientTraces(ticker, clock);
    this.traffic = new TrafficCounters(loops);
    this.dns = new Dns(loops, ticker, DNS_QUERY_MILLIS);
  }

  /** Who follows which clients. */
  Tracing tracing() {
    return traces;
  }

  /** What counts the traffic of all virtual servers. */
  TrafficCounters traffic() {
    return traffic;
  }

  /**
   * A virtual server at work.
   *
   * @param pools every pool, by name
   * @param before what runs under its name; null for nothing
   */
  LinkServer serve(
      VirtualServer settings,
      Map<String, BackendPool> pools,
      Configuration configuration,
      DataGroups groups,
      @Nullable TlsAcceptor tls,
      @Nullable LinkServer before) {
    Routes by = routes.of(configuration, settings, pools, groups);
    return switch (settings.mode()) {
      case TCP -> tcp(settings, by, Believed.of(settings, groups), configuration, tls, before);
      case SMTP -> smtp(settings, by, Believed.of(settings, groups), configuration, tls, before);
      case DSR -> throw new AssertionError("the kernel's: " + settings.name());
      case NAT -> throw new AssertionError("unchecked mode of " + settings.name());
    };
  }

  /** Gives the next handshakes of a virtual server other certificates. */
  static void renew(LinkServer server, TlsAcceptor tls) {
    if (server instanceof SmtpServer smtp) {
      smtp.run(smtp.running().withTls(tls));
    } else if (server instanceof TcpServer tcp) {
      tcp.run(tcp.running().withTls(tls));
    }
  }

  /** Has the next links, and messages, of a virtual server follow lists that have changed. */
  void follow(
      LinkServer server,
      Map<String, BackendPool> pools,
      Configuration configuration,
      DataGroups groups) {
    VirtualServer settings = server.settings();
    Routes by = routes.of(configuration, settings, pools, groups);
    Believed believed = Believed.of(settings, groups);
    if (server instanceof SmtpServer smtp) {
      smtp.run(smtp.running().withRoutes(by, believed));
    } else if (server instanceof TcpServer tcp) {
      tcp.run(tcp.running().withRoutes(by, believed));
    }
  }

  private LinkServer tcp(
      VirtualServer settings,
      Routes routes,
      Believed believed,
      Configuration configuration,
      @Nullable TlsAcceptor tls,
      @Nullable LinkServer before) {
    TcpServer.Running with =
        new TcpServer.Running(
            settings, routes, believed, tls, settings.logsLinks(configuration.log().links()));
    if (before instanceof TcpServer same) {
      same.run(with);
      return same;
    }
    return new TcpServer(with, loops, limit, events, clock, traffic);
  }

  private LinkServer smtp(
      VirtualServer settings,
      Routes routes,
      Believed believed,
      Configuration configuration,
      @Nullable TlsAcceptor tls,
      @Nullable LinkServer before) {
    SmtpServer.Running with =
        new SmtpServer.Running(
            settings,
            routes,
            believed,
            edge(settings, configuration),
            Machine.hostname(configuration),
            tls,
            limits(settings),
            patience(settings),
            settings.logsLinks(configuration.log().links()));
    if (before instanceof SmtpServer same) {
      same.run(with);
      return same;
    }
    return new SmtpServer(
        with, loops, limit, events, clock, replayBudget, envelopeBudget, traces, traffic);
  }

  private @Nullable Edge edge(VirtualServer server, Configuration configuration) {
    EdgeChecks settings =
        server.edgeChecks() == null ? null : configuration.edgeChecks().get(server.edgeChecks());
    if (settings == null) {
      return null;
    }
    EdgeState state = edges.computeIfAbsent(server.name(), _ -> new EdgeState());
    EdgePolicy policy = new EdgePolicy(settings, state);
    if (policy.asksDns()) {
      dns.use(Resolvers.of(configuration.dns()));
    }
    return new Edge(policy, dns);
  }

  private static SessionLimits limits(VirtualServer settings) {
    SmtpSettings smtp = settings.smtp();
    Security.Auth auth =
        switch (smtp.auth()) {
          case OFF -> Security.Auth.OFF;
          case OVER_TLS -> Security.Auth.OVER_TLS;
          case ALWAYS -> Security.Auth.ALWAYS;
        };
    return new SessionLimits(
        smtp.maxRecipients(),
        smtp.maxErrors(),
        MOST_IDLE_COMMANDS,
        smtp.maxMessageSize().octets(),
        new Security(tls(settings.tls()), auth));
  }

  private static Security.Tls tls(@Nullable ServerTls settings) {
    if (settings == null) {
      return Security.Tls.NONE;
    } else if (settings.implicit()) {
      return Security.Tls.IMPLICIT;
    }
    return switch (settings.startTlsInEffect()) {
      case OFF -> Security.Tls.NONE;
      case OPTIONAL -> Security.Tls.OPTIONAL;
      case REQUIRED -> Security.Tls.REQUIRED;
    };
  }

  private static SmtpServer.Patience patience(VirtualServer settings) {
    SmtpSettings smtp = settings.smtp();
    ServerTls tls = settings.tls();
    return new SmtpServer.Patience(
        smtp.commandTimeout().toMillis(),
        tls == null ? 0 : tls.handshakeTimeout().toMillis(),
        smtp.dataTimeout().toMillis(),
        smtp.minDataRate());
  }
}
