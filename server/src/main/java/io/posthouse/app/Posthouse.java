package io.posthouse.app;

import io.posthouse.admin.AdminDoors;
import io.posthouse.app.Signals.Wish;
import io.posthouse.audit.LiveAuditor;
import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.SourcePorts;
import io.posthouse.door.ConfigApplier;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.MemberControl;
import io.posthouse.door.ProbeRunner;
import io.posthouse.door.ReportView;
import io.posthouse.door.Status;
import io.posthouse.door.Ticker;
import io.posthouse.door.Tracing;
import io.posthouse.door.Why;
import io.posthouse.health.Introduction;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.ProbeOrder;
import io.posthouse.kernel.DsrRouting;
import io.posthouse.kernel.KernelException;
import io.posthouse.kernel.TransparentRouting;
import io.posthouse.ledger.EventLog;
import io.posthouse.ledger.JulBridge;
import io.posthouse.metrics.Exposition;
import io.posthouse.model.AdminState;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.ListenException;
import io.posthouse.net.Loops;
import io.posthouse.path.PathTester;
import io.posthouse.probe.HealthOwner;
import io.posthouse.probe.StatusListener;
import io.posthouse.store.MemberStates;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The process: every part is made and joined here, by hand, and ended here.
 *
 * <p>The order of the start is the order of what matters: the file is read, links are served, then
 * members are probed, then people are served. What people need (API, state directory, log file) may
 * fail without a link suffering; what links need ends the start with one line.
 *
 * <p>{@link #start}, {@link #serve} and {@link #close} are for one thread; the doors are for any.
 */
public final class Posthouse implements AutoCloseable {
  private static final long LISTEN_AGAIN_MILLIS = 5_000;
  static final long FILES_LOOK_MILLIS = 10_000;
  private static final long MEMORY_LOOK_MILLIS = 1_000;
  private static final long SOURCES_LOOK_MILLIS = 3_000;
  private static final long KERNEL_LOOK_MILLIS = 1_000;
  private static final long QUIT_MILLIS = 2_000;
  private static final long QUIT_LOOK_MILLIS = 10;
  private static final long DRAIN_LOOK_MILLIS = 50;

  private final EventLog events;
  private final Loops loops;
  private final LinkLimit limit;
  private final PoolStates poolStates;
  private final ReconcilerThread thread;
  private final Names names;
  private final HealthOwner health;
  private final SourcePorts ports;
  private final SourceDesk sources;
  private final Reconciler reconciler;
  private final Operations operations;
  private final RunningStatus status;
  private final RunningExplainer explainer;
  private final LiveAuditor auditor;
  private final PathTester paths;
  private final RunningDsr dsrCheck;
  private final RunningReport report;
  private final AdminDesk admin;
  private final AtomicLong disables = new AtomicLong();
  private final Map<MemberConnections, Long> disableTurns = new ConcurrentHashMap<>();
  private volatile boolean stopping;
  private boolean memoryTight;

  private Posthouse(
      ConfigSource source,
      Configuration first,
      EventLog events,
      Ticker ticker,
      InstantSource clock) {
    Path stateDirectory = first.stateDirectory(source.file());
    this.events = events;
    loops = new Loops(first.limits().threads(), ticker);
    limit = new LinkLimit(1);
    poolStates = new PoolStates(clock, events);
    thread = new ReconcilerThread(events);
    names = new Names(events, thread);
    health = new HealthOwner(names, source.file(), new Found(), events, ticker, clock);
    TlsDesk tls = new TlsDesk(source.directory(), events, clock);
    ports = new SourcePorts(events, ticker);
    sources = new SourceDesk(new TransparentRouting(stateDirectory, events), ports);
    DsrDesk dsr =
        new DsrDesk(
            new DsrRouting(stateDirectory, events),
            new DsrPlanner(new MachineAddresses(), clock),
            new HalfOpenWatch(events, ticker),
            events);
    ListDesk lists = new ListDesk(source.directory(), events, task -> thread.later(task, 0));
    reconciler =
        new Reconciler(
            loops,
            limit,
            events,
            ticker,
            clock,
            new MemberNews(events, health, ports),
            names::known,
            poolStates,
            tls,
            sources,
            dsr,
            lists);
    operations =
        new Operations(
            source,
            thread,
            reconciler,
            health,
            MemberStates.open(stateDirectory, events),
            names,
            events,
            this::moveAdmin,
            first);
    status = new RunningStatus(reconciler, health, poolStates, ports, clock.instant());
    explainer = new RunningExplainer(reconciler, lists::groups, clock);
    auditor = new LiveAudit(reconciler, lists::groups, loops, limit, events, names, ticker);
    paths = new RunningPaths(reconciler, names, source.file(), ticker);
    dsrCheck = new RunningDsr(reconciler, names, source.file(), stateDirectory, ticker);
    report = new RunningReport(reconciler, clock);
    AdminDoors doors =
        new AdminDoors(
            status,
            operations,
            operations,
            health,
            explainer,
            auditor,
            paths,
            dsrCheck,
            reconciler.tracing(),
            report,
            new Exposition(status, clock, events::dropped, Loops::directMemoryUsed)::text,
            this::ready,
            events);
    admin = new AdminDesk(first.admin().listen(), stateDirectory, doors, events);
  }

  /**
   * Starts; when it returns links are served, members are being probed and the API is coming up.
   *
   * @throws ListenException when an address cannot be bound; nothing is left behind
   * @throws KernelException when the kernel cannot be told what a class needs; nothing is left
   */
  public static Posthouse start(ConfigSource source, ConfigSource.Good first, EventLog events)
      throws ListenException, KernelException, InterruptedException {
    return start(
        source, first, events, System::nanoTime, InstantSource.system(), FILES_LOOK_MILLIS);
  }

  /**
   * The same by other clocks, for tests that move them by hand.
   *
   * @param filesLookMillis after which time certificates and lists are looked at again
   */
  static Posthouse start(
      ConfigSource source,
      ConfigSource.Good first,
      EventLog events,
      Ticker ticker,
      InstantSource clock,
      long filesLookMillis)
      throws ListenException, KernelException, InterruptedException {
    JulBridge.install(events);
    Posthouse posthouse = new Posthouse(source, first.configuration(), events, ticker, clock);
    try {
      posthouse.operations.start();
    } catch (ListenException | KernelException | RuntimeException e) {
      posthouse.close();
      throw e;
    }
    events.emit(
        Event.of(
            EventKind.STARTED,
            "file",
            source.file().toString(),
            "links-possible",
            posthouse.limit.limit()));
    posthouse.operations.warn(first.warnings());
    posthouse.dsrCheck.removeLeftovers();
    posthouse.admin.start();
    posthouse.thread.every(posthouse.reconciler::matchListeners, LISTEN_AGAIN_MILLIS);
    posthouse.thread.every(posthouse.reconciler::lookAtCertificates, filesLookMillis);
    posthouse.thread.every(posthouse.reconciler::lookAtLists, filesLookMillis);
    posthouse.thread.every(posthouse::watchMemory, MEMORY_LOOK_MILLIS);
    posthouse.thread.every(posthouse.sources::look, SOURCES_LOOK_MILLIS);
    posthouse.thread.every(posthouse.reconciler::lookAtKernel, KERNEL_LOOK_MILLIS);
    return posthouse;
  }

  /** Serves until a signal asks for the end, then drains; {@link #close} is left to do. */
  void serve(Signals signals) throws InterruptedException {
    while (signals.next() == Wish.RELOAD) {
      events.reopen();
      operations.reload("SIGHUP");
    }
    drain(signals);
  }

  /** What runs now. */
  public Status status() {
    return status.status();
  }

  /** Reload. */
  public ConfigApplier configuration() {
    return operations;
  }

  /** Drain, disable, enable. */
  public MemberControl control() {
    return operations;
  }

  /** What becomes of a client, and why. */
  Why.Explainer explainer() {
    return explainer;
  }

  /** Asks whether it relays. */
  LiveAuditor auditor() {
    return auditor;
  }

  /** Goes the ways to members and to itself. */
  PathTester paths() {
    return paths;
  }

  /** What the traffic came to. */
  ReportView report() {
    return report;
  }

  /** Who follows which clients. */
  Tracing tracing() {
    return reconciler.tracing();
  }

  /** Probes on request. */
  public ProbeRunner probes() {
    return health;
  }

  /** Where the API answers; null as long as it does not. */
  public @Nullable Endpoint adminAddress() {
    return admin.address();
  }

  /** Cuts what still runs and ends every part. */
  @Override
  public void close() {
    stopping = true;
    thread.close();
    admin.close();
    reconciler.stopListening();
    health.close();
    reconciler.servers().forEach(LinkServer::cutAll);
    quitKept();
    loops.close();
    sources.close();
    names.close();
    events.emit(Event.of(EventKind.STOPPED));
  }

  /** Members hear QUIT on connections that are kept, instead of losing them. */
  private void quitKept() {
    Plane plane = reconciler.plane();
    try {
      for (long left = QUIT_MILLIS; plane != null && left > 0; left -= QUIT_LOOK_MILLIS) {
        if (plane.pools().values().stream().mapToInt(BackendPool::quitKept).sum() == 0) {
          return;
        }
        Thread.sleep(QUIT_LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends in order: no new links, running ones may end until the deadline or a second signal. */
  private void drain(Signals signals) throws InterruptedException {
    stopping = true;
    Plane plane = reconciler.plane();
    Duration deadline =
        plane == null ? Duration.ZERO : plane.configuration().limits().shutdownTimeout();
    events.emit(
        Event.of(EventKind.STOPPING, "links", limit.open(), "deadline-ms", deadline.toMillis()));
    stopListening();
    reconciler.servers().forEach(LinkServer::finish);
    for (long left = deadline.toMillis(); limit.open() > 0 && left > 0; left -= DRAIN_LOOK_MILLIS) {
      if (signals.next(DRAIN_LOOK_MILLIS) == Wish.STOP) {
        return;
      }
    }
  }

  /** Stops listening for good; running links go on. */
  void stopListening() {
    thread.later(reconciler::stopListening, 0);
  }

  /** Binds and closes what should be bound or closed by now. */
  void matchListeners() throws InterruptedException, ExecutionException {
    thread.call(() -> {
      reconciler.matchListeners();
      return true;
    });
  }

  private boolean ready() {
    return !stopping && reconciler.listensEverywhere();
  }

  private void moveAdmin(Endpoint listen) {
    admin.move(listen);
  }

  private void watchMemory() {
    boolean tight = Loops.directMemoryTight();
    if (tight && !memoryTight) {
      events.emit(
          Event.of(
              EventKind.MEMORY_TIGHT,
              "used",
              Loops.directMemoryUsed(),
              "remedy",
              "peers that do not read hold it; raise -XX:MaxDirectMemorySize or lower limits.max-links"));
    }
    memoryTight = tight;
  }

  private @Nullable BackendPool pool(String name) {
    Plane plane = reconciler.plane();
    return plane == null ? null : plane.pools().get(name);
  }

  /** The health owner's thread: links follow what it found, then everybody else. */
  private void statusesChanged(String poolName, Map<String, MemberStatus> statuses) {
    BackendPool pool = pool(poolName);
    if (pool == null) {
      return;
    }
    boolean wasUsable = pool.view().usable();
    List<MemberConnections> disabled = newlyDisabled(pool, statuses);
    pool.statuses(statuses);
    poolStates.changed(poolName, pool.statuses().values());
    thread.later(reconciler::followInKernel, 0);
    if (wasUsable != pool.view().usable()) {
      thread.later(reconciler::matchListeners, 0);
    }
    for (MemberConnections member : disabled) {
      Long turn = disables.incrementAndGet();
      disableTurns.put(member, turn);
      thread.later(
          () -> cutIfStillDisabled(pool, member, turn), pool.pool().disableDeadline().toMillis());
    }
  }

  private static List<MemberConnections> newlyDisabled(
      BackendPool pool, Map<String, MemberStatus> statuses) {
    return pool.members().values().stream()
        .filter(m -> isDisabled(statuses.get(m.member().name())))
        .filter(m -> !isDisabled(pool.statuses().get(m.member().name())))
        .toList();
  }

  private static boolean isDisabled(@Nullable MemberStatus status) {
    return status != null && status.admin() == AdminState.DISABLED;
  }

  /** Cuts unless the member was enabled since, be it to be disabled again. */
  private void cutIfStillDisabled(BackendPool pool, MemberConnections member, Long turn) {
    if (disableTurns.remove(member, turn)
        && isDisabled(pool.statuses().get(member.member().name()))) {
      reconciler.servers().forEach(server -> server.cut(member));
    }
  }

  /** What the health owner found. */
  private final class Found implements StatusListener {
    @Override
    public void statusesChanged(String pool, Map<String, MemberStatus> statuses) {
      Posthouse.this.statusesChanged(pool, statuses);
    }

    @Override
    public void introduced(ProbeOrder order, Introduction introduction) {
      BackendPool pool = pool(order.pool());
      if (pool != null) {
        pool.introduced(order, introduction);
      }
    }
  }
}
