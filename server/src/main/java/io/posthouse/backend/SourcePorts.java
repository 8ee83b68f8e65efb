package io.posthouse.backend;

import io.netty.channel.Channel;
import io.posthouse.backend.PortCount.Told;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.PortUse;
import io.posthouse.door.Ticker;
import io.posthouse.model.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The source ports that connections to members hold, by source address and member, with an alarm
 * before there are none left.
 *
 * <p>A connection is a pair of addresses and a pair of ports, and to one member only the port on
 * our side differs: from one address there are as many connections as {@code ip_local_port_range}
 * has ports. A port is held on after the connection has ended when our side closed first, for a
 * minute (TIME_WAIT). Those are counted as well, in the kernel's list of sockets, and with them
 * what probes and other programs hold; but only for a pair that had so many connections in the last
 * minute that they may matter.
 *
 * <p>{@link #follow}, {@link #taken}, {@link #returned} and {@link #exhausted} are for loops: they
 * count, and never wait. {@link #configure} and {@link #look} are for the reconciler's thread,
 * {@link #snapshot} is for any.
 */
public final class SourcePorts {
  /** As long as a port is held in TIME_WAIT. */
  private static final long A_MINUTE = Duration.ofSeconds(60).toNanos();

  private static final int MOST_SHOWN = 1000;
  private static final int LOW_PERCENT = 80;
  private static final int RECOVERED_PERCENT = 60;
  private static final String REMEDY =
      "more addresses in a snat-pool, a wider net.ipv4.ip_local_port_range, or"
          + " net.ipv4.tcp_tw_reuse=1";

  private final Map<Pair, PortCount> counts = new ConcurrentHashMap<>();
  private final AtomicInteger transparent = new AtomicInteger();
  private final EventSink events;
  private final Ticker ticker;
  private volatile PortSettings settings = PortSettings.ofMachine();

  /** An address of ours and where its connections lead. */
  private record Pair(InetAddress source, InetSocketAddress to) {}

  /** Ports of which none is held yet. */
  public SourcePorts(EventSink events, Ticker ticker) {
    this.events = events;
    this.ticker = ticker;
  }

  /** Asks the kernel anew how many ports it gives. Blocks. */
  public void configure() {
    configure(PortSettings.ofMachine());
  }

  void configure(PortSettings of) {
    settings = of;
  }

  /**
   * Counts a connection from now, when it is made, until its channel is closed.
   *
   * @param transparent whether it leaves from its client's own address
   */
  public void follow(Channel channel, boolean transparent) {
    if (transparent) {
      transparentTaken();
      channel.closeFuture().addListener(_ -> transparentReturned());
    } else if (channel.localAddress() instanceof InetSocketAddress from
        && channel.remoteAddress() instanceof InetSocketAddress to) {
      taken(from.getAddress(), to);
      channel.closeFuture().addListener(_ -> returned(from.getAddress(), to));
    }
  }

  /** Counts a connection that is made, or being made, from an address of ours. */
  public void taken(InetAddress source, InetSocketAddress to) {
    Pair pair = new Pair(source, to);
    PortCount count;
    do {
      count = counts.computeIfAbsent(pair, _ -> new PortCount());
    } while (!count.take());
    alarm(pair, count);
  }

  /** Counts the end of a connection that was {@link #taken}. */
  public void returned(InetAddress source, InetSocketAddress to) {
    PortCount count = counts.get(new Pair(source, to));
    if (count != null) {
      count.giveBack();
    }
  }

  /** Takes it that the kernel had no port for a connection (EADDRNOTAVAIL of connect, not bind). */
  public void exhausted(InetAddress source, InetSocketAddress to) {
    Pair pair = new Pair(source, to);
    PortCount count = counts.computeIfAbsent(pair, _ -> new PortCount());
    count.refused(ticker.nanos());
    exhausted(pair, count);
  }

  /** Counts a connection from a client's own address; it takes none of our ports. */
  public void transparentTaken() {
    transparent.incrementAndGet();
  }

  /** Counts the end of one. */
  public void transparentReturned() {
    transparent.decrementAndGet();
  }

  /** How many connections leave from clients' own addresses. */
  public int transparentOpen() {
    return transparent.get();
  }

  /**
   * How many ports are held, by source and member, those in most need first, a thousand at most.
   */
  public List<PortUse> snapshot() {
    int capacity = settings.capacity();
    List<PortUse> all = new ArrayList<>();
    counts.forEach((pair, count) ->
        all.add(
            new PortUse(
                pair.source.getHostAddress(),
                endpoint(pair.to),
                count.used(),
                capacity,
                count.exhaustedIn())));
    all.sort(
        Comparator.comparingInt(PortUse::used)
            .reversed()
            .thenComparing(PortUse::source)
            .thenComparing(use -> use.member().toString()));
    return List.copyOf(all.subList(0, Math.min(all.size(), MOST_SHOWN)));
  }

  /** Looks how it goes on, every few seconds. Blocks while the kernel lists its sockets. */
  public void look() {
    long now = ticker.nanos();
    PortSettings current = settings;
    SocketList sockets = new SocketList(current);
    List<Pair> busy =
        counts.entrySet().stream()
            .filter(each -> isBusy(each.getValue(), now, current.capacity()))
            .map(Map.Entry::getKey)
            .toList();
    busy.forEach(pair -> sockets.want(pair.source, pair.to));
    if (!busy.isEmpty()) {
      sockets.read();
    }
    counts.forEach((pair, count) -> {
      int listed = sockets.count(pair.source, pair.to);
      count.looked(now, Math.max(0, listed - count.open()), current.capacity());
      alarm(pair, count);
      if (!count.refusedWithin(A_MINUTE, now)) {
        recover(pair, count);
        forget(pair, count, now);
      }
    });
  }

  /** Whether half of the ports may be held, were every one that came back in TIME_WAIT, or are. */
  private static boolean isBusy(PortCount count, long now, int capacity) {
    long lately = count.trend.returnedWithin(A_MINUTE, now, count.returned());
    return (count.open() + lately) * 2 > capacity || count.told.get() != Told.NOTHING;
  }

  private void alarm(Pair pair, PortCount count) {
    int used = count.used();
    int capacity = settings.capacity();
    if (used >= capacity) {
      exhausted(pair, count);
    } else if (used * 100L >= (long) capacity * LOW_PERCENT
        && count.told.compareAndSet(Told.NOTHING, Told.LOW)) {
      emit(EventKind.SOURCE_PORTS_LOW, pair, count);
    }
  }

  /** One that nobody has used for as long as its ports may be held. */
  private void forget(Pair pair, PortCount count, long now) {
    boolean unused = count.trend.returnedWithin(A_MINUTE, now, count.returned()) == 0;
    if (unused && count.told.get() == Told.NOTHING && count.drop()) {
      counts.remove(pair, count);
    }
  }

  private void exhausted(Pair pair, PortCount count) {
    if (count.told.getAndSet(Told.EXHAUSTED) != Told.EXHAUSTED) {
      emit(EventKind.SOURCE_PORTS_EXHAUSTED, pair, count);
    }
  }

  private void recover(Pair pair, PortCount count) {
    if (count.used() * 100L < (long) settings.capacity() * RECOVERED_PERCENT
        && count.told.getAndSet(Told.NOTHING) != Told.NOTHING) {
      emit(EventKind.SOURCE_PORTS_RECOVERED, pair, count);
    }
  }

  private void emit(EventKind kind, Pair pair, PortCount count) {
    Event event =
        Event.of(
            kind,
            "source",
            pair.source.getHostAddress(),
            "member",
            endpoint(pair.to).toString(),
            "used",
            count.used(),
            "capacity",
            settings.capacity());
    events.emit(
        switch (kind) {
          case SOURCE_PORTS_LOW ->
              event.with("exhausted", PortTrend.phrase(count.exhaustedIn())).with("remedy", REMEDY);
          case SOURCE_PORTS_EXHAUSTED -> event.with("remedy", REMEDY);
          default -> event;
        });
  }

  private static Endpoint endpoint(InetSocketAddress to) {
    return new Endpoint(to.getAddress().getHostAddress(), to.getPort());
  }
}
