package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.BackendPool.KnownAddresses;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.MemberObserver;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.ListStatus;
import io.posthouse.door.Ticker;
import io.posthouse.door.TlsStatus;
import io.posthouse.door.Tracing;
import io.posthouse.kernel.KernelException;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.ListenException;
import io.posthouse.net.Listener;
import io.posthouse.net.Loops;
import io.posthouse.net.TlsConnector;
import io.posthouse.net.TlsException;
import io.posthouse.policy.DataGroups;
import io.posthouse.report.Traffic;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of what runs: takes a configuration in three steps.
 *
 * <ul>
 *   <li><b>Prepare</b>: read certificates and lists, tell the kernel what it needs for clients' own
 *       addresses, and bind the addresses that are new. Anything that can fail fails here, and then
 *       nothing has changed.
 *   <li><b>Commit</b>: pools, virtual servers and health follow the new configuration; the next
 *       link is served by it, and running links go on with what they were accepted with.
 *   <li><b>Retire</b>: close the addresses that are gone. Virtual servers that are gone are kept in
 *       mind while they have links.
 * </ul>
 *
 * <p>After {@link #stopListening} nothing is bound or applied any more.
 *
 * <p>For one thread at a time, {@link ReconcilerThread}'s; {@link #plane} is for any.
 */
final class Reconciler {
  private final Loops loops;
  private final LinkLimit limit;
  private final EventSink events;
  private final InstantSource clock;
  private final Listeners listeners;
  private final MemberObserver observer;
  private final KnownAddresses known;
  private final PoolStates poolStates;
  private final ServerFactory factory;
  private final TlsDesk tls;
  private final SourceDesk sources;
  private final DsrDesk dsr;
  private final ListDesk lists;
  private final List<LinkServer> removed = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;
  private volatile @Nullable Plane plane;

  Reconciler(
      Loops loops,
      LinkLimit limit,
      EventSink events,
      Ticker ticker,
      InstantSource clock,
      MemberObserver observer,
      KnownAddresses known,
      PoolStates poolStates,
      TlsDesk tls,
      SourceDesk sources,
      DsrDesk dsr,
      ListDesk lists) {
    this.loops = loops;
    this.limit = limit;
    this.events = events;
    this.clock = clock;
    this.listeners = new Listeners(loops, limit, events);
    this.observer = observer;
    this.known = known;
    this.poolStates = poolStates;
    this.tls = tls;
    this.sources = sources;
    this.dsr = dsr;
    this.lists = lists;
    lists.whenChanged(this::follow);
    this.factory = new ServerFactory(loops, limit, events, ticker, clock);
  }

  /** Who follows which clients. */
  Tracing tracing() {
    return factory.tracing();
  }

  /** The traffic so far; waits for each loop. */
  Traffic traffic() {
    return factory.traffic().traffic();
  }

  /** What runs; null before the first configuration. */
  @Nullable Plane plane() {
    return plane;
  }

  /** The bound addresses. */
  Map<Endpoint, Listener> bound() {
    return listeners.bound();
  }

  /**
   * Takes a checked configuration.
   *
   * @param force whether a list may have shrunk by more than half
   */
  void apply(Configuration next, boolean force)
      throws ListenException, TlsException, ListException, KernelException {
    if (stopped) {
      throw new IllegalStateException("Posthouse is stopping");
    }
    Plane running = plane;
    TlsDesk.Made handshakes = tls.prepare(next);
    ListDesk.Prepared groups = lists.prepare(next, force);
    dsr.prepare(next, groups.groups());
    Map<Endpoint, Listener> prepared = prepare(next, running);
    tls.take(handshakes);
    lists.take(groups);
    Plane desired = plan(next, running);
    limit.limit(links(next));
    plane = desired;
    listeners.serve(prepared, acceptors(desired));
    listeners.retire(wanted(next));
    poolStates.keepOnly(next.pools().keySet());
    if (running != null) {
      running.servers().values().stream()
          .filter(server -> !desired.servers().containsValue(server))
          .forEach(removed::add);
    }
    removed.removeIf(server -> server.open() == 0);
    sources.settle(next);
    dsr.follow(desired, lists.groups());
  }

  /** Rules for clients' own addresses first: they can be taken back, and nobody notices. */
  private Map<Endpoint, Listener> prepare(Configuration next, @Nullable Plane running)
      throws ListenException, KernelException {
    sources.prepare(next);
    try {
      return listeners.prepare(wanted(next));
    } catch (ListenException e) {
      sources.settle(running == null ? null : running.configuration());
      throw e;
    }
  }

  /** Whether every address is bound that should be now. */
  boolean listensEverywhere() {
    Plane running = plane;
    return running != null
        && listeners.bound().keySet().containsAll(wanted(running.configuration()));
  }

  /** Every virtual server that has links: those that run, and removed ones whose links live on. */
  List<LinkServer> servers() {
    List<LinkServer> all = new ArrayList<>(removed);
    Plane running = plane;
    if (running != null) {
      all.addAll(running.servers().values());
    }
    return all;
  }

  /** Binds and closes what {@code when-down: close} asks for now. */
  void matchListeners() {
    Plane running = plane;
    if (running == null || stopped) {
      return;
    }
    Set<Endpoint> wanted = wanted(running.configuration());
    try {
      listeners.serve(listeners.prepare(wanted), acceptors(running));
    } catch (ListenException e) {
      events.emit(Event.of(EventKind.LISTEN_FAILED, "reason", String.valueOf(e.getMessage())));
    }
    listeners.retire(wanted);
  }

  /** What clients of a virtual server meet; null in plain. From any thread. */
  @Nullable TlsStatus tlsStatus(VirtualServer settings) {
    return tls.status(settings);
  }

  /** The data groups in use. From any thread. */
  List<ListStatus> listStatus() {
    return lists.status();
  }

  /** Looks for list files that have changed; what it finds is taken later. */
  void lookAtLists() {
    if (!stopped) {
      lists.lookAside();
    }
  }

  /** Takes certificates whose files have changed. */
  void lookAtCertificates() {
    Plane running = plane;
    if (running != null && !stopped) {
      tls.look(running);
    }
  }

  /** Lists have changed: who clients are is decided by the new ones from here on. */
  private void follow(DataGroups groups) {
    Plane running = plane;
    if (running != null) {
      running
          .servers()
          .values()
          .forEach(each -> factory.follow(each, running.pools(), running.configuration(), groups));
      dsr.follow(running, groups);
    }
  }

  /** Members have changed, or may have: the kernel spreads new links accordingly. */
  void followInKernel() {
    Plane running = plane;
    if (running != null && !stopped) {
      dsr.follow(running, lists.groups());
    }
  }

  /** Looks whether the kernel does what it was told, and what has passed. */
  void lookAtKernel() {
    Plane running = plane;
    if (running != null && !stopped) {
      dsr.follow(running, lists.groups());
      dsr.look(running);
    }
  }

  /** What the kernel does for a virtual server of mode dsr. From any thread. */
  DsrDesk dsr() {
    return dsr;
  }

  /** Stops listening everywhere, for good: nothing is bound or applied after it. */
  void stopListening() {
    stopped = true;
    dsr.close();
    listeners.retire(Set.of());
  }

  private Plane plan(Configuration next, @Nullable Plane running) {
    Map<String, BackendPool> pools = new LinkedHashMap<>();
    for (Pool pool : next.pools().values()) {
      BackendPool before = running == null ? null : running.pools().get(pool.name());
      TlsConnector its = tls.connector(pool.name());
      if (before == null) {
        pools.put(pool.name(), new BackendPool(pool, its, observer, clock.instant(), known));
      } else {
        before.configure(pool, its, clock.instant(), known);
        pools.put(pool.name(), before);
      }
    }
    DataGroups groups = lists.groups();
    Map<String, LinkServer> servers = new LinkedHashMap<>();
    for (VirtualServer settings : next.virtualServers().values()) {
      if (settings.mode() == Mode.DSR) {
        continue; // The kernel's: no link of it ends here.
      }
      LinkServer before = running == null ? null : running.servers().get(settings.name());
      servers.put(
          settings.name(),
          factory.serve(settings, pools, next, groups, tls.acceptor(settings.name()), before));
    }
    long generation = running == null ? 1 : running.generation() + 1;
    return new Plane(generation, next, pools, servers);
  }

  /** Addresses to listen on: all but those of servers that close while no member is usable. */
  private Set<Endpoint> wanted(Configuration configuration) {
    Plane running = plane;
    Set<Endpoint> wanted = new LinkedHashSet<>();
    for (VirtualServer server : configuration.virtualServers().values()) {
      if (server.mode() == Mode.DSR) {
        continue;
      }
      boolean down = running != null && isDown(running, configuration, server);
      if (!down || server.whenDownInEffect() != WhenDown.CLOSE) {
        wanted.addAll(server.listen());
      }
    }
    return wanted;
  }

  /** Whether no pool of a virtual server, those of its classes included, has a usable member. */
  private static boolean isDown(Plane running, Configuration configuration, VirtualServer server) {
    for (String name : configuration.poolsOf(server)) {
      BackendPool pool = running.pools().get(name);
      if (pool == null || pool.view().usable()) {
        return false;
      }
    }
    return true;
  }

  private static Map<Endpoint, LinkServer> acceptors(Plane of) {
    Map<Endpoint, LinkServer> acceptors = new HashMap<>();
    for (VirtualServer settings : of.configuration().virtualServers().values()) {
      LinkServer server = of.servers().get(settings.name());
      if (server != null) {
        settings.listen().forEach(address -> acceptors.put(address, server));
      }
    }
    return acceptors;
  }

  private int links(Configuration next) {
    int addresses =
        next.virtualServers().values().stream().mapToInt(server -> server.listen().size()).sum();
    int byDescriptors =
        FileDescriptors.links(FileDescriptors.limit(), loops.all().size(), addresses);
    int byMemory = Loops.linksByMemory();
    int possible = Math.min(byDescriptors, byMemory);
    int asked = next.limits().maxLinks();
    if (asked > possible) {
      events.emit(
          Event.of(
              EventKind.CONFIG_WARNING,
              "key",
              "limits.max-links",
              "asked",
              asked,
              "possible",
              possible,
              "remedy",
              byDescriptors < byMemory
                  ? "each link needs two file descriptors: raise ulimit -n or LimitNOFILE"
                  : "a stuck link needs 32 KiB: raise -XX:MaxDirectMemorySize"));
    }
    return asked == 0 ? possible : Math.min(asked, possible);
  }

  /** The member of a pool; null when there is none. */
  @Nullable MemberConnections member(String pool, String member) {
    Plane running = plane;
    BackendPool of = running == null ? null : running.pools().get(pool);
    return of == null ? null : of.members().get(member);
  }
}
