package io.posthouse.relay;

import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.backend.LinkCounters;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Routes;
import io.posthouse.backend.TrafficCounters;
import io.posthouse.door.EventSink;
import io.posthouse.door.Status.LinkCounts;
import io.posthouse.model.VirtualServer;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.Loop;
import io.posthouse.net.Loops;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.policy.Believed;
import io.posthouse.report.LoopTraffic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One virtual server in mode tcp: takes the links of its listeners and hands them to members of its
 * pool.
 *
 * <p>It outlives reloads as long as its name stays; a link keeps what it was accepted with.
 */
public final class TcpServer implements LinkServer {

  /**
   * What a link is served with.
   *
   * @param routes what clients are served with, by their class
   * @param believed whose word about clients is taken
   * @param tls what its clients do their TLS handshakes with; null where TLS passes through
   * @param linksLogged whether the end of every link is logged, or only of those that got no member
   */
  public record Running(
      VirtualServer settings,
      Routes routes,
      Believed believed,
      @Nullable TlsAcceptor tls,
      boolean linksLogged) {

    /** STARTTLS, which this mode does not know, is for the members. */
    public Running {
      tls = tls == null || !tls.settings().implicit() ? null : tls;
    }

    /** The same with other certificates. */
    public Running withTls(TlsAcceptor other) {
      return new Running(settings, routes, believed, other, linksLogged);
    }

    /** The same with other classes, or other lists of them. */
    public Running withRoutes(Routes other, Believed peers) {
      return new Running(settings, other, peers, tls, linksLogged);
    }
  }

  private final LinkLimit limit;
  private final EventSink events;
  private final InstantSource clock;
  private final LinkCounters counters = new LinkCounters();
  private final Map<Loop, LinkRegistry> links = new HashMap<>();
  private final TrafficCounters traffic;
  private volatile Running running;

  /**
   * A virtual server on all loops; listeners that hand links to it are opened elsewhere.
   *
   * @param traffic what counts its links
   */
  public TcpServer(
      Running running,
      Loops loops,
      LinkLimit limit,
      EventSink events,
      InstantSource clock,
      TrafficCounters traffic) {
    this.traffic = traffic;
    this.running = running;
    this.clock = clock;
    this.limit = limit;
    this.events = events;
    for (Loop loop : loops.all()) {
      links.put(loop, new LinkRegistry());
    }
  }

  /** What the next link is served with. */
  public Running running() {
    return running;
  }

  /** Sets what the next link is served with. */
  public void run(Running next) {
    running = next;
  }

  @Override
  public void accepted(Loop loop, EpollSocketChannel client) {
    ClientIdentity peer = new ClientIdentity(client.remoteAddress(), client.localAddress(), false);
    begin(new RelayLink(this, loop, client, peer), RelayLink::open);
  }

  @Override
  public void accepted(Loop loop, EpollSocketChannel channel, ClientIdentity client) {
    begin(new RelayLink(this, loop, channel, client), RelayLink::openKnown);
  }

  private static void begin(RelayLink link, Consumer<RelayLink> how) {
    try {
      how.accept(link);
    } catch (RuntimeException e) {
      link.failed(Side.CLIENT, e);
    }
  }

  @Override
  public VirtualServer settings() {
    return running.settings();
  }

  @Override
  public void cut(MemberConnections member) {
    links.forEach(
        (loop, registry) -> loop.execute(() -> registry.cut(link -> link.member() == member)));
  }

  /** Links in mode tcp end when their peers do. */
  @Override
  public void finish() {}

  @Override
  public void cutAll() {
    links.forEach((loop, registry) -> loop.execute(() -> registry.cut(link -> true)));
  }

  @Override
  public Routes routes() {
    return running.routes();
  }

  @Override
  public LinkCounts counts() {
    return counters.counts();
  }

  @Override
  public int open() {
    return counters.open();
  }

  /** The time of day, for rules. */
  Instant now() {
    return clock.instant();
  }

  /** What counts the links of a loop. */
  LoopTraffic traffic(Loop loop) {
    return traffic.of(loop);
  }

  EventSink events() {
    return events;
  }

  /** Counts a link in; false when the virtual server has as many as it may. */
  boolean opened(RelayLink link, Running with) {
    registry(link).add(link);
    return counters.opened(with.settings().maxConnections());
  }

  /** Counts a link out and logs it. */
  void closed(RelayLink link, LinkEnd end) {
    registry(link).remove(link);
    counters.closed(
        link.isAdmitted(), end.isRefusal(), end.isFailure(), link.octetsIn(), link.octetsOut());
    switch (end) {
      case NO_CLASS -> counters.ofNoClass();
      case NOT_BELIEVED, NO_HEADER -> counters.notBelieved();
      default -> {}
    }
    limit.closed();
    if (running.linksLogged() || end.isRefusal()) {
      events.emit(RelayLog.event(link, end));
    }
  }

  private LinkRegistry registry(RelayLink link) {
    LinkRegistry registry = links.get(link.loop());
    if (registry == null) {
      throw new AssertionError("a loop of somebody else");
    }
    return registry;
  }
}
