package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.MemberConnections;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.probe.Resolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Host names of members and their last known addresses.
 *
 * <p>Names are looked up before a configuration with them is applied, within a bound, and again on
 * the pool's timer; when DNS fails the last answer is kept. Of several addresses the first is used,
 * so that a member stays one server. Look-ups run on a few threads of their own: the system's
 * resolver blocks the thread that asks it, and would block virtual threads' carriers with it.
 */
final class Names implements Resolver, AutoCloseable {
  private static final int THREADS = 4;
  private static final long PATIENCE_MILLIS = 3_000;

  private final EventSink events;
  private final ReconcilerThread thread;
  private final Map<String, InetAddress> known = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<InetAddress>> inFlight = new ConcurrentHashMap<>();
  private final ExecutorService lookups =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("resolver-", 0).factory());

  /** The generation whose timers run; a reload starts others. The reconciler's thread only. */
  private long current;

  Names(EventSink events, ReconcilerThread thread) {
    this.events = events;
    this.thread = thread;
  }

  @Override
  public InetAddress resolve(String host) throws UnknownHostException {
    InetAddress literal = IpAddress.parse(host).orElse(null);
    if (literal != null) {
      return literal;
    }
    try {
      return asked(host).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new UnknownHostException(host + ": " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnknownHostException(host + ": interrupted");
    }
  }

  /**
   * Looks up the names that a configuration brings, all at once; gives up waiting after a while.
   */
  void prepare(Configuration next) {
    CompletableFuture<?>[] unknown =
        next.pools().values().stream()
            .flatMap(pool -> pool.members().values().stream())
            .map(member -> member.address())
            .filter(address -> !address.isLiteral() && !known.containsKey(address.host()))
            .map(address -> asked(address.host()))
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(unknown).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException notAll) {
      // A member without an address gets no work until its timer finds one; that was said.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last known address of an endpoint; null when there is none. */
  @Nullable InetSocketAddress known(Endpoint endpoint) {
    InetAddress address = IpAddress.parse(endpoint.host()).orElse(known.get(endpoint.host()));
    return address == null ? null : new InetSocketAddress(address, endpoint.port());
  }

  /** Looks names up again from now on, on the timers of the pools that have them. */
  void follow(Plane plane) {
    current = plane.generation();
    for (BackendPool pool : plane.pools().values()) {
      if (pool.members().values().stream().anyMatch(m -> !m.member().address().isLiteral())) {
        again(pool, current);
      }
    }
  }

  @Override
  public void close() {
    lookups.shutdownNow();
  }

  private void again(BackendPool pool, long generation) {
    thread.later(
        () -> {
          if (generation == current) {
            pool.members().values().forEach(this::refresh);
            again(pool, generation);
          }
        },
        pool.pool().resolveInterval().toMillis());
  }

  private void refresh(MemberConnections member) {
    Endpoint endpoint = member.member().address();
    if (!endpoint.isLiteral()) {
      asked(endpoint.host())
          .thenAccept(found -> member.address(new InetSocketAddress(found, endpoint.port())));
    }
  }

  /** The answer that is under way, or a new one: a name is never asked for twice at once. */
  private CompletableFuture<InetAddress> asked(String host) {
    CompletableFuture<InetAddress> mine = new CompletableFuture<>();
    CompletableFuture<InetAddress> underWay = inFlight.putIfAbsent(host, mine);
    if (underWay != null) {
      return underWay;
    }
    lookups.execute(() -> {
      try {
        mine.complete(lookUp(host));
      } catch (UnknownHostException | RuntimeException e) {
        mine.completeExceptionally(e);
      } finally {
        inFlight.remove(host);
      }
    });
    return mine;
  }

  /** Blocks for as long as DNS takes. */
  private InetAddress lookUp(String host) throws UnknownHostException {
    try {
      InetAddress answer = InetAddress.getByName(host);
      known.put(host, answer);
      return answer;
    } catch (UnknownHostException e) {
      InetAddress last = known.get(host);
      events.emit(
          Event.of(
              EventKind.RESOLVE_FAILED,
              "name",
              host,
              "last",
              last == null ? "none, the member gets no work" : last.getHostAddress()));
      if (last == null) {
        throw e;
      }
      return last;
    }
  }
}
