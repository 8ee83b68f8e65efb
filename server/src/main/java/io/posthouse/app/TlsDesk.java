package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.door.CertificateFacts;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.TlsStatus;
import io.posthouse.model.Configuration;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Pool;
import io.posthouse.model.ServerTls;
import io.posthouse.model.VirtualServer;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsConnector;
import io.posthouse.net.TlsEngine;
import io.posthouse.net.TlsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What TLS is done with: an acceptor for each virtual server and a connector for each pool that has
 * TLS, kept as new as their files.
 *
 * <p>For the reconciler's thread, but for {@link #status}.
 */
final class TlsDesk {
  private static final String SERVERS = "virtual-servers.";
  private static final String POOLS = "pools.";

  /** How long before its end a certificate is told of. */
  private static final Duration EXPIRES_SOON = Duration.ofDays(21);

  private static final Duration AGAIN = Duration.ofDays(1);

  private final Map<String, Instant> toldExpiry = new HashMap<>();
  private final Path directory;
  private final EventSink events;
  private final InstantSource clock;
  private volatile Made running = new Made(Map.of(), Map.of());

  /** What one configuration needs, by the names of virtual servers and of pools. */
  record Made(
      Map<String, MadeOfFiles<TlsAcceptor>> acceptors,
      Map<String, MadeOfFiles<TlsConnector>> connectors) {}

  TlsDesk(Path directory, EventSink events, InstantSource clock) {
    this.directory = directory;
    this.events = events;
    this.clock = clock;
  }

  /** Reads the files of a configuration; what would come out the same stays as it is. */
  Made prepare(Configuration next) throws TlsException {
    Map<String, MadeOfFiles<TlsAcceptor>> acceptors = new LinkedHashMap<>();
    for (VirtualServer server : next.virtualServers().values()) {
      ServerTls tls = server.tls();
      if (tls != null) {
        acceptors.put(server.name(), acceptor(server.name(), tls));
      }
    }
    Map<String, MadeOfFiles<TlsConnector>> connectors = new LinkedHashMap<>();
    for (Pool pool : next.pools().values()) {
      if (pool.tls().mode() != MemberTls.Mode.OFF) {
        connectors.put(pool.name(), connector(pool.name(), pool.tls()));
      }
    }
    return new Made(acceptors, connectors);
  }

  /** Uses what was prepared. */
  void take(Made prepared) {
    running = prepared;
  }

  /** What clients of a virtual server do their handshakes with; null for none. */
  @Nullable TlsAcceptor acceptor(String server) {
    MadeOfFiles<TlsAcceptor> of = running.acceptors().get(server);
    return of == null ? null : of.made();
  }

  /** How the members of a pool are spoken to in TLS; null in plain. */
  @Nullable TlsConnector connector(String pool) {
    MadeOfFiles<TlsConnector> of = running.connectors().get(pool);
    return of == null ? null : of.made();
  }

  /** What clients of a virtual server meet; null in plain. From any thread. */
  @Nullable TlsStatus status(VirtualServer settings) {
    MadeOfFiles<TlsAcceptor> of = running.acceptors().get(settings.name());
    if (of == null) {
      return null;
    }
    String problem = of.problem();
    return new TlsStatus(
        mode(of.made().settings()),
        TlsEngine.inUse().name().toLowerCase(Locale.ROOT),
        of.made().certificates(),
        problem == null ? String.join("; ", of.made().notStapled()) : problem);
  }

  private static String mode(ServerTls tls) {
    if (tls.implicit()) {
      return "implicit";
    }
    return switch (tls.startTlsInEffect()) {
      case OFF -> "off";
      case OPTIONAL -> "starttls";
      case REQUIRED -> "starttls-required";
    };
  }

  /** Takes what has changed on disk. Links that have the old keep it. */
  void look(Plane plane) {
    running
        .acceptors()
        .forEach((name, of) -> {
          LinkServer server = plane.servers().get(name);
          if (told(SERVERS + name, of) && server != null) {
            ServerFactory.renew(server, of.made());
          }
          of.made().tick(clock.instant());
          of.made().certificates().forEach(each -> tellExpiry(name, each));
        });
    running
        .connectors()
        .forEach((name, of) -> {
          BackendPool pool = plane.pools().get(name);
          if (told(POOLS + name, of) && pool != null) {
            pool.tls(of.made());
          }
        });
  }

  /** Says once a day that a certificate ends soon, or has ended. */
  private void tellExpiry(String server, CertificateFacts certificate) {
    Instant now = clock.instant();
    if (certificate.notAfter().isAfter(now.plus(EXPIRES_SOON))) {
      return;
    }
    String key = server + ' ' + certificate.file() + ' ' + certificate.notAfter();
    Instant before = toldExpiry.get(key);
    if (before != null && now.isBefore(before.plus(AGAIN))) {
      return;
    }
    toldExpiry.put(key, now);
    boolean expired = certificate.notAfter().isBefore(now);
    events.emit(
        Event.of(
            expired ? EventKind.OWN_CERTIFICATE_EXPIRED : EventKind.OWN_CERTIFICATE_EXPIRES,
            "virtual-server",
            server,
            "certificate",
            certificate.file(),
            "expires",
            certificate.notAfter().toString()));
  }

  /** Looks and says what it saw; whether there is something new to use. */
  private boolean told(String where, MadeOfFiles<?> of) {
    return switch (of.look()) {
      case SAME -> false;
      case TAKEN -> {
        events.emit(Event.of(EventKind.CERTIFICATE_TAKEN, "key", where + ".tls"));
        yield true;
      }
      case REFUSED -> {
        events.emit(
            Event.of(
                EventKind.CERTIFICATE_REFUSED,
                "key",
                where + ".tls",
                "problem",
                String.valueOf(of.problem()),
                "remedy",
                "mend the file; it is looked at every 10 s"));
        yield false;
      }
    };
  }

  private MadeOfFiles<TlsAcceptor> acceptor(String name, ServerTls tls) throws TlsException {
    MadeOfFiles<TlsAcceptor> before = running.acceptors().get(name);
    if (before != null && before.made().settings().equals(tls) && before.isCurrent()) {
      return before;
    }
    return made(
        SERVERS + name,
        files(tls),
        old -> TlsAcceptor.of(tls, directory, old, clock.instant()),
        before == null ? null : before.made());
  }

  private MadeOfFiles<TlsConnector> connector(String name, MemberTls tls) throws TlsException {
    MadeOfFiles<TlsConnector> before = running.connectors().get(name);
    if (before != null && before.made().settings().equals(tls) && before.isCurrent()) {
      return before;
    }
    List<Path> files = new ArrayList<>();
    add(files, tls.ca());
    return made(POOLS + name, files, old -> TlsConnector.of(tls, directory), null);
  }

  private static <T> MadeOfFiles<T> made(
      String where, List<Path> files, MadeOfFiles.Maker<T> maker, @Nullable T before)
      throws TlsException {
    try {
      return new MadeOfFiles<>(files, maker, before);
    } catch (TlsException e) {
      throw new TlsException(where + ".tls." + e.getMessage(), e);
    }
  }

  private List<Path> files(ServerTls tls) {
    List<Path> files = new ArrayList<>();
    add(files, tls.certificate());
    add(files, tls.certificate() + ".ocsp");
    add(files, tls.key());
    add(files, tls.passwordFile());
    for (ServerTls.Further each : tls.certificates()) {
      add(files, each.certificate());
      add(files, each.certificate() + ".ocsp");
      add(files, each.key());
      add(files, each.passwordFile());
    }
    add(files, tls.clientCa());
    return List.copyOf(files);
  }

  private void add(List<Path> files, @Nullable String name) {
    if (name != null) {
      files.add(directory.resolve(name));
    }
  }
}
