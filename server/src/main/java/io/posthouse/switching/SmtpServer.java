package io.posthouse.switching;

import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.backend.LinkCounters;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Routes;
import io.posthouse.backend.TrafficCounters;
import io.posthouse.door.Event;
import io.posthouse.door.EventSink;
import io.posthouse.door.Status.EdgeStatus;
import io.posthouse.door.Status.LinkCounts;
import io.posthouse.model.VirtualServer;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.Loop;
import io.posthouse.net.Loops;
import io.posthouse.net.ProxyGate;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.policy.Believed;
import io.posthouse.report.LoopTraffic;
import io.posthouse.smtp.session.SessionLimits;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One virtual server in mode smtp: takes the links of its listeners and hands each of their
 * messages to a member of its pool.
 *
 * <p>It outlives reloads as long as its name stays; a link takes the settings of the moment with
 * each message.
 */
public final class SmtpServer implements LinkServer {

  /**
   * What the next message is served with.
   *
   * @param routes what clients are served with, by their class
   * @param believed whose word about clients is taken
   * @param hostname our own name
   * @param edge what is looked at in its clients first; null for nothing
   * @param tls what its clients do their TLS handshakes with; null for none
   * @param linksLogged whether the end of every link and message is logged, or only what went wrong
   */
  public record Running(
      VirtualServer settings,
      Routes routes,
      Believed believed,
      @Nullable Edge edge,
      String hostname,
      @Nullable TlsAcceptor tls,
      SessionLimits limits,
      Patience patience,
      boolean linksLogged) {

    /** The same with other certificates. */
    public Running withTls(TlsAcceptor other) {
      return new Running(
          settings, routes, believed, edge, hostname, other, limits, patience, linksLogged);
    }

    /** The same with other classes, or other lists of them. */
    public Running withRoutes(Routes other, Believed peers) {
      return new Running(
          settings, other, peers, edge, hostname, tls, limits, patience, linksLogged);
    }
  }

  /**
   * How long a client may take.
   *
   * @param commandMillis for a command
   * @param handshakeMillis for its TLS handshake
   * @param blockMillis between two pieces of a body
   * @param leastRate octets a second of a body, on average
   */
  public record Patience(
      long commandMillis, long handshakeMillis, long blockMillis, long leastRate) {}

  /**
   * What the links of one loop share.
   *
   * @param expected channels whose peers have still to say on whose behalf they connect
   * @param traffic what counts their messages
   */
  record OfLoop(
      Set<SmtpLink> links,
      Set<EpollSocketChannel> expected,
      ReplayBlocks blocks,
      LoopTraffic traffic) {}

  private final LinkLimit limit;
  private final EventSink events;
  private final InstantSource clock;
  private final LinkCounters counters = new LinkCounters();
  private final Map<Loop, OfLoop> loops = new HashMap<>();
  private final AtomicLong envelopeBudget;
  private final ClientTraces traces;
  private volatile Running running;

  /**
   * A virtual server on all loops; listeners that hand links to it are opened elsewhere.
   *
   * @param replayBudget octets that replay buffers may take, shared by all virtual servers
   * @param envelopeBudget octets that recipients may take, shared likewise
   * @param traces who follows which clients
   * @param traffic what counts its messages
   */
  public SmtpServer(
      Running running,
      Loops loops,
      LinkLimit limit,
      EventSink events,
      InstantSource clock,
      AtomicLong replayBudget,
      AtomicLong envelopeBudget,
      ClientTraces traces,
      TrafficCounters traffic) {
    this.traces = traces;
    this.running = running;
    this.envelopeBudget = envelopeBudget;
    this.limit = limit;
    this.events = events;
    this.clock = clock;
    for (Loop loop : loops.all()) {
      this.loops.put(
          loop,
          new OfLoop(
              new HashSet<>(), new HashSet<>(), new ReplayBlocks(replayBudget), traffic.of(loop)));
    }
  }

  /** What the next message is served with. */
  public Running running() {
    return running;
  }

  /** Sets what the next message is served with. */
  public void run(Running next) {
    running = next;
  }

  @Override
  public VirtualServer settings() {
    return running.settings();
  }

  @Override
  public void accepted(Loop loop, EpollSocketChannel client) {
    ClientIdentity peer = new ClientIdentity(client.remoteAddress(), client.localAddress(), false);
    Believed believed = running.believed();
    if (!believed.expectsProxy()) {
      begin(loop, client, peer, false);
    } else if (believed.proxy(peer.address())) {
      expect(loop, client, peer);
    } else {
      client.unsafe().closeForcibly();
      refused(peer, SmtpEnd.NOT_BELIEVED, "");
    }
  }

  @Override
  public void accepted(Loop loop, EpollSocketChannel channel, ClientIdentity client) {
    begin(loop, channel, client, true);
  }

  /** Waits for the header of a peer that is believed; until then it counts as no link. */
  private void expect(Loop loop, EpollSocketChannel channel, ClientIdentity peer) {
    Set<EpollSocketChannel> expected = of(loop).expected();
    expected.add(channel);
    ProxyGate.open(
        loop,
        channel,
        ProxyGate.TIMEOUT_MILLIS,
        who -> {
          expected.remove(channel);
          begin(loop, channel, who, false);
        },
        reason -> {
          expected.remove(channel);
          refused(peer, SmtpEnd.NO_HEADER, reason);
        });
  }

  private void begin(
      Loop loop, EpollSocketChannel channel, ClientIdentity client, boolean assumed) {
    SmtpLink link = new SmtpLink(this, loop, channel, client, of(loop), assumed);
    link.guard(link::open);
  }

  /** A peer that did not say on whose behalf it connects, or is not believed, got no link. */
  private void refused(ClientIdentity peer, SmtpEnd end, String reason) {
    counters.opened(0);
    counters.closed(true, true, false, 0, 0);
    counters.notBelieved();
    limit.closed();
    events.emit(SwitchingLog.refused(running.settings().name(), peer, end, reason));
  }

  @Override
  public void cut(MemberConnections member) {
    onEachLink(link -> link.outlet().cutFrom(member));
  }

  @Override
  public void cutAll() {
    onEachLink(SmtpLink::cut);
    closeExpected();
  }

  @Override
  public void finish() {
    onEachLink(SmtpLink::finish);
    closeExpected();
  }

  private void closeExpected() {
    loops.forEach((loop, of) ->
        loop.execute(() -> List.copyOf(of.expected()).forEach(EpollSocketChannel::close)));
  }

  private void onEachLink(Consumer<SmtpLink> what) {
    loops.forEach((loop, of) ->
        loop.execute(
            () -> List.copyOf(of.links()).forEach(link -> link.guard(() -> what.accept(link)))));
  }

  @Override
  public Routes routes() {
    return running.routes();
  }

  @Override
  public List<EdgeStatus> edgeChecks() {
    Edge edge = running.edge();
    return edge == null ? List.of() : edge.status();
  }

  @Override
  public LinkCounts counts() {
    return counters.counts();
  }

  @Override
  public int open() {
    return counters.open();
  }

  /** Who follows which clients. */
  ClientTraces traces() {
    return traces;
  }

  AtomicLong envelopeBudget() {
    return envelopeBudget;
  }

  /** The time of day, for headers. */
  Instant now() {
    return clock.instant();
  }

  void tell(Event event) {
    events.emit(event);
  }

  /** Counts a link in; false when the virtual server has as many as it may. */
  boolean opened(SmtpLink link) {
    of(link.loop()).links().add(link);
    return counters.opened(running.settings().maxConnections());
  }

  /** Counts a link out and logs it. */
  void closed(SmtpLink link, SmtpEnd end) {
    of(link.loop()).links().remove(link);
    counters.closed(
        link.isAdmitted(), end.isRefusal(), end.isFailure(), link.octetsIn(), link.octetsOut());
    if (end == SmtpEnd.NO_CLASS) {
      counters.ofNoClass();
    }
    limit.closed();
    if (running.linksLogged() || end.isRefusal()) {
      link.log().ended(end);
    }
  }

  private OfLoop of(Loop loop) {
    OfLoop of = loops.get(loop);
    if (of == null) {
      throw new AssertionError("a loop of somebody else");
    }
    return of;
  }
}
