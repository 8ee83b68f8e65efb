package io.posthouse.relay;

import static org.awaitility.Awaitility.await;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.MemberObserver;
import io.posthouse.backend.Route;
import io.posthouse.backend.RouteCounts;
import io.posthouse.backend.Routes;
import io.posthouse.backend.TrafficCounters;
import io.posthouse.config.ConfigFile;
import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.Status.LinkCounts;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.InsideSenders;
import io.posthouse.health.MemberStatus;
import io.posthouse.model.AdminState;
import io.posthouse.model.Announce;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Persistence;
import io.posthouse.model.Pool;
import io.posthouse.model.Size;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.ListenException;
import io.posthouse.net.Listener;
import io.posthouse.net.Loops;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsConnector;
import io.posthouse.persist.PersistenceTable;
import io.posthouse.policy.Believed;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.ClassTable;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.RelayGuard;
import io.posthouse.policy.Source;
import io.posthouse.testkit.MachineClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A virtual server in mode tcp on real loops and sockets, without the rest of the house. */
final class RelayHouse implements AutoCloseable {
  final LinkLimit limit = new LinkLimit(20_000);
  final LinkedBlockingQueue<Event> ends = new LinkedBlockingQueue<>();
  final LinkedBlockingQueue<String> connectsFailed = new LinkedBlockingQueue<>();

  BalanceMethod balance = BalanceMethod.ROUND_ROBIN;
  Duration idleTimeout = Duration.ofSeconds(60);
  Duration connectTimeout = Duration.ofSeconds(5);
  Pool.Queue queue = new Pool.Queue(100, Duration.ofSeconds(5));
  WhenDown whenDown = WhenDown.RESET;
  int maxConnections;
  Announce announce = Announce.NONE;

  /** Data groups, SNAT pools and classes of the file. */
  String classes = "";

  /** Keys of the virtual server in the file. */
  String keys = "";

  @Nullable Persistence persistence;
  @Nullable TlsAcceptor tls;
  @Nullable TlsConnector memberTls;
  int threads = 2;

  private final MachineClock clock = new MachineClock();
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, MemberStatus> statuses = new LinkedHashMap<>();
  private @Nullable Loops loops;
  private @Nullable BackendPool pool;
  private @Nullable Listener listener;
  private @Nullable TcpServer server;
  private @Nullable PersistenceTable table;

  RelayHouse member(String name, int port) {
    return member(name, port, 0);
  }

  RelayHouse member(String name, int port, int most) {
    Endpoint address = new Endpoint("127.0.0.1", port);
    members.put(name, new Member(name, address, 1, 0, most, AdminState.ENABLED, null, true, null));
    return this;
  }

  RelayHouse start() {
    Loops started = new Loops(threads, clock);
    loops = started;
    Pool settings = settings();
    BackendPool backend =
        new BackendPool(
            settings,
            memberTls,
            new MemberObserver() {
              @Override
              public void connectFailed(String inPool, String member, String reason) {
                connectsFailed.add(member + ": " + reason);
              }

              @Override
              public void cannotConnect(String inPool, String member, String reason) {
                connectsFailed.add(member + " not tried: " + reason);
              }

              @Override
              public void connectSucceeded(String inPool, String member) {}
            },
            clock.instant(),
            endpoint -> null);
    pool = backend;
    Persistence kept = persistence;
    table = kept == null ? null : new PersistenceTable(kept, clock::nanos);
    Endpoint any = new Endpoint("127.0.0.1", 0);
    Configuration file = file();
    DataGroups groups = DataGroups.of(file.dataGroups(), Map.of());
    VirtualServer virtual =
        new VirtualServer(
            "VS",
            List.of(any),
            VirtualServer.Mode.TCP,
            "hub",
            persistence,
            whenDown,
            idleTimeout,
            maxConnections,
            null,
            server(file).classes(),
            null,
            List.of(),
            server(file).believe(),
            server(file).smtp(),
            server(file).dsr(),
            null);
    TcpServer.Running running =
        new TcpServer.Running(
            virtual, routes(backend, file, groups), Believed.of(virtual, groups), tls, true);
    TcpServer relay =
        new TcpServer(running, started, limit, this::heard, clock, new TrafficCounters(started));
    server = relay;
    try {
      Listener opened = Listener.open(any, started, limit, this::heard, false);
      listener = opened;
      opened.serve(relay);
    } catch (ListenException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  private Routes routes(BackendPool backend, Configuration file, DataGroups groups) {
    VirtualServer virtual = server(file);
    ClassTable classes = ClassTable.of(file, virtual, groups);
    List<Route> all = new ArrayList<>();
    for (ClientClass each : classes.classes()) {
      all.add(
          new Route(
              each,
              backend,
              table,
              new InsideSenders(Set.of()),
              Source.of(each.snat(), file.snatPools()),
              RelayGuard.of(each, groups),
              new ClassBounds(each.limits()),
              new RouteCounts(Instant.EPOCH),
              Route.targets(each)));
    }
    return new Routes(classes, all, null);
  }

  /** The file that has the classes of this house; its pool is not used. */
  private Configuration file() {
    String text =
        """
        version: 1
        %s
        pools: { hub: { members: { m1: 127.0.0.1:1 } } }
        virtual-servers: { VS: { listen: 127.0.0.1:0, mode: tcp, pool: hub, %s } }
        """
            .formatted(classes, keys);
    if (ConfigFile.read("test", text, Ports.ANY) instanceof ConfigFile.Read read) {
      return read.configuration();
    }
    throw new AssertionError(ConfigFile.read("test", text, Ports.ANY).toString());
  }

  private static VirtualServer server(Configuration file) {
    return java.util.Objects.requireNonNull(file.virtualServers().get("VS"));
  }

  Pool settings() {
    return new Pool(
        "hub",
        balance,
        1,
        List.of(),
        connectTimeout,
        Duration.ZERO,
        queue,
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        List.of(),
        new Pool.Retry(3, Duration.ofMinutes(2), new Size(1 << 18)),
        new Pool.Reuse(5, Duration.ofSeconds(10)),
        MemberTls.OFF,
        false,
        announce,
        null,
        members);
  }

  /** Another state for a member; links follow it when this returns. */
  void state(String name, AdminState admin, EffectiveState effective) {
    statuses.put(name, new MemberStatus(admin, effective, false, 1, "test", clock.instant()));
    pool().statuses(statuses);
  }

  Socket connect() throws IOException {
    return connectFrom("127.0.0.1");
  }

  /** A client for whom hardly anything can wait in its own kernel buffer. */
  Socket connectNarrow() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout(15_000);
    socket.connect(new InetSocketAddress("127.0.0.1", port()), 10_000);
    return socket;
  }

  Socket connectFrom(String address) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(15_000);
    socket.setTcpNoDelay(true);
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port()), 10_000);
    return socket;
  }

  int port() {
    if (listener == null) {
      throw new AssertionError("not started");
    }
    return listener.address().port();
  }

  TcpServer server() {
    if (server == null) {
      throw new AssertionError("not started");
    }
    return server;
  }

  BackendPool pool() {
    if (pool == null) {
      throw new AssertionError("not started");
    }
    return pool;
  }

  MemberConnections connections(String name) {
    MemberConnections member = pool().members().get(name);
    if (member == null) {
      throw new AssertionError("no member " + name);
    }
    return member;
  }

  LinkCounts counts() {
    return server().counts();
  }

  /** How the next link ended: the value of {@code end} in its log line. */
  String end() throws InterruptedException {
    return field(next(), "end");
  }

  /** The log line of the next link that ended. */
  Event next() throws InterruptedException {
    Event event = ends.poll(15, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no link has ended");
    }
    return event;
  }

  static String field(Event event, String key) {
    int at = event.fields().indexOf(key);
    return String.valueOf(event.fields().get(at + 1));
  }

  /** Waits until every link has ended and nothing is counted any more. */
  void awaitNothingLeft() {
    await().atMost(Duration.ofSeconds(20)).until(() -> limit.open() == 0);
    await().until(() -> server().open() == 0);
    for (MemberConnections member : pool().members().values()) {
      await(member.member().name()).until(() -> member.connections() == 0);
    }
    await().until(() -> pool().waiting().length() == 0);
  }

  private void heard(Event event) {
    if (event.kind() == EventKind.LINK_CLOSED || event.kind() == EventKind.LINK_REFUSED) {
      ends.add(event);
    } else if (event.kind() == EventKind.BUG) {
      throw new AssertionError(event.toString());
    }
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
    if (server != null) {
      server.cutAll();
    }
    if (loops != null) {
      await().atMost(Duration.ofSeconds(10)).until(() -> limit.open() == 0);
      loops.close();
    }
  }
}
