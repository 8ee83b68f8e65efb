package io.posthouse.probe;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.ProbeRunner;
import io.posthouse.door.Ticker;
import io.posthouse.door.UnknownMemberException;
import io.posthouse.health.MailTally;
import io.posthouse.health.MemberChange;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.PoolHealth;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.SenderScope;
import io.posthouse.model.AdminState;
import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.policy.PoolSources;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The owner of all health: the one writer of every {@link PoolHealth}, on a virtual thread with a
 * mailbox.
 *
 * <p>Others send: results of probes and real connections, the administrator's wishes, new
 * configurations. The mailbox holds at most one letter for each running probe, one for all
 * connection results together, and those whose senders wait; so it is bounded. After each change
 * the listener gets the statuses of the pool, the log its events, and readers of any thread a new
 * picture.
 *
 * <p>Each probe runs on a virtual thread of its own ({@link RunningProbes}).
 */
public final class HealthOwner implements ProbeRunner, AutoCloseable {
  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
  private static final Duration PAUSE_AFTER_BUG = Duration.ofSeconds(1);

  /** What readers see of a pool. */
  private record Picture(
      Map<String, MemberStatus> statuses, Map<String, List<ProbeReport>> reports) {}

  private final Prober prober;
  private final StatusListener listener;
  private final EventSink events;
  private final Ticker ticker;
  private final InstantSource clock;
  private final ConnectTally tally = new ConnectTally();
  private final MailTally mail = new MailTally();
  private final Map<String, Picture> pictures = new ConcurrentHashMap<>();
  private final Thread thread;
  private final Mailbox mailbox;
  private volatile boolean closed;

  // Only the owner's thread touches these while it lives.
  private final Map<String, PoolHealth> pools = new LinkedHashMap<>();
  private final RunningProbes probes;
  private final ProbeArchive archive;
  private final MemberEvents news;
  private String hostname = "localhost";
  private boolean bruised;

  /**
   * Starts with no pools; {@link #reconfigure} brings them.
   *
   * @param configuration the file that names of other files are relative to
   */
  public HealthOwner(
      Resolver resolver,
      Path configuration,
      StatusListener listener,
      EventSink events,
      Ticker ticker,
      InstantSource clock) {
    this(new Probes(resolver, configuration, ticker), listener, events, ticker, clock);
  }

  HealthOwner(
      Prober prober,
      StatusListener listener,
      EventSink events,
      Ticker ticker,
      InstantSource clock) {
    this.prober = prober;
    this.listener = listener;
    this.events = events;
    this.ticker = ticker;
    this.clock = clock;
    this.archive = new ProbeArchive(events);
    this.news = new MemberEvents(events);
    this.mailbox = new Mailbox(() -> !closed);
    this.probes = new RunningProbes(prober, events, ticker, clock, mailbox, this::concluded);
    this.thread = Thread.ofVirtual().name("health-owner").unstarted(this::live);
    thread.start();
  }

  /**
   * Takes a new configuration; returns when the listener has got the statuses of every pool.
   *
   * @param sources from where each pool's members are asked; by the kernel's choice when absent
   * @param hostname our own name, for monitors without {@code helo}
   */
  public void reconfigure(
      Map<String, Pool> nextPools,
      Map<String, Monitor> monitors,
      Map<String, PoolSources> sources,
      String hostname) {
    mailbox.call(() -> {
      this.hostname = hostname;
      configure(nextPools, monitors, sources);
      return true;
    });
  }

  /** Sets a member's administrative state; returns when the listener has got the statuses. */
  public void administer(String pool, String member, AdminState state) {
    mailbox.call(() -> {
      PoolHealth health = known(pool, member);
      report(health, health.administer(member, state, ticker.nanos(), clock.instant()));
      return true;
    });
  }

  /**
   * A connection to a member failed in a way that no client can cause. Never blocks.
   *
   * @param reason for people: {@code connection refused}
   */
  public void connectFailed(String pool, String member, String reason) {
    if (tally.failed(pool, member, reason)) {
      mailbox.post(this::count);
    }
  }

  /** A connection to a member was made. Never blocks; costs next to nothing. */
  public void connectSucceeded(String pool, String member) {
    if (tally.succeeded(pool, member)) {
      mailbox.post(this::count);
    }
  }

  /** A member took a message. Never blocks; see {@link MailTally}. */
  public void messageTaken(String pool, String member, SenderScope scope, boolean awaited) {
    hear(mail.taken(new MailTally.Key(pool, member, scope), awaited));
  }

  /** A member refused a message for pressure, by a reply that no client can cause. Never blocks. */
  public void messageRefused(String pool, String member, SenderScope scope, String reply) {
    hear(mail.refused(new MailTally.Key(pool, member, scope), reply));
  }

  /** A pressure reply that this client might have provoked. Never blocks. */
  public void messageRefusedFor(
      long client, String pool, String member, SenderScope scope, String reply) {
    MailTally.Key key = new MailTally.Key(pool, member, scope);
    hear(mail.tell(new MailTally.Told.RefusedFor(key, client, reply)));
  }

  /** A failure that this client might have provoked. Never blocks. */
  public void failedFor(long client, String pool, String member, SenderScope scope, String reason) {
    MailTally.Key key = new MailTally.Key(pool, member, scope);
    hear(mail.tell(new MailTally.Told.FailedFor(key, client, reason)));
  }

  /** The message that was a member's trial said nothing of its pressure. Never blocks. */
  public void trialUndecided(String pool, String member, SenderScope scope, int trial) {
    MailTally.Key key = new MailTally.Key(pool, member, scope);
    hear(mail.tell(new MailTally.Told.Undecided(key, trial)));
  }

  private void hear(boolean news) {
    if (news) {
      mailbox.post(this::weigh);
    }
  }

  /** The statuses of a pool now, by member; empty when there is no such pool. */
  public Map<String, MemberStatus> statuses(String pool) {
    Picture picture = pictures.get(pool);
    return picture == null ? Map.of() : picture.statuses();
  }

  /** The last report of each of a member's monitors. */
  public List<ProbeReport> reports(String pool, String member) {
    Picture picture = pictures.get(pool);
    return picture == null ? List.of() : picture.reports().getOrDefault(member, List.of());
  }

  @Override
  public List<ProbeReport> probe(String pool, String member) {
    List<ProbeOrder> orders = mailbox.call(() -> known(pool, member).orders(member));
    List<ProbeReport> reports = new ArrayList<>();
    for (int i = 0; i < orders.size(); i += PoolHealth.AT_ONCE) {
      List<ProbeOrder> some = orders.subList(i, Math.min(i + PoolHealth.AT_ONCE, orders.size()));
      List<CompletableFuture<ProbeReport>> begun =
          mailbox.call(() -> some.stream().map(this::askNow).toList());
      begun.forEach(each -> reports.add(mailbox.await(each)));
    }
    return reports;
  }

  private CompletableFuture<ProbeReport> askNow(ProbeOrder order) {
    PoolHealth health = pools.get(order.pool());
    if (health != null) {
      health.begin(order);
    }
    CompletableFuture<ProbeReport> report = new CompletableFuture<>();
    probes.start(order, hostname).waiting().add(report);
    return report;
  }

  /** Ends the owner, every probe and every program that one has started. */
  @Override
  public void close() {
    closed = true;
    mailbox.post(() -> {});
    try {
      thread.join();
      probes.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    prober.close();
  }

  /** Looks at the clock now; for tests that move it by hand. */
  void wake() {
    mailbox.call(() -> true);
  }

  private void live() {
    while (!closed) {
      try {
        mailbox.work(sleepNanos());
        tick();
        bruised = false;
      } catch (InterruptedException e) {
        closed = true;
      } catch (RuntimeException e) {
        events.emit(Event.of(EventKind.BUG, "where", "health", "error", e.toString()));
        bruised = true;
      }
    }
    probes.end();
  }

  private long sleepNanos() {
    long now = ticker.nanos();
    long sleep = LONGEST_SLEEP.toNanos();
    for (PoolHealth pool : pools.values()) {
      sleep = Math.min(sleep, pool.nextTickNanos(now).orElse(now + sleep) - now);
    }
    sleep = Math.min(sleep, probes.nanosLeft(now));
    // Should a bug sit in what is due, then it must not become a busy loop.
    return Math.max(bruised ? PAUSE_AFTER_BUG.toNanos() : 0, sleep);
  }

  private void tick() {
    probes.watch();
    for (PoolHealth pool : pools.values()) {
      report(pool, pool.tick(ticker.nanos(), clock.instant()));
      pool.takeDue(ticker.nanos()).forEach(order -> probes.start(order, hostname));
    }
  }

  private void configure(
      Map<String, Pool> nextPools,
      Map<String, Monitor> monitors,
      Map<String, PoolSources> sources) {
    pools.keySet().retainAll(nextPools.keySet());
    pictures.keySet().retainAll(nextPools.keySet());
    for (Pool pool : nextPools.values()) {
      long now = ticker.nanos();
      Instant wall = clock.instant();
      PoolSources from = sources.getOrDefault(pool.name(), PoolSources.AUTOMAP);
      PoolHealth health = pools.get(pool.name());
      if (health == null) {
        pools.put(pool.name(), new PoolHealth(pool, monitors, from, now, wall));
      } else {
        news.tell(pool.name(), health.reconfigure(pool, monitors, from, now, wall));
      }
    }
    tally.retain(key -> hasMember(nextPools, key.pool(), key.member()));
    mail.retain(key -> hasMember(nextPools, key.pool(), key.member()));
    archive.retain(this::counts);
    pools.values().forEach(this::publish);
    pools.forEach((name, health) -> listener.statusesChanged(name, health.statuses()));
  }

  private static boolean hasMember(Map<String, Pool> pools, String pool, String member) {
    Pool found = pools.get(pool);
    return found != null && found.members().containsKey(member);
  }

  private boolean counts(ProbeOrder order) {
    PoolHealth pool = pools.get(order.pool());
    return pool != null && pool.has(order);
  }

  private void count() {
    for (ConnectTally.Tally each : tally.take()) {
      PoolHealth pool = pools.get(each.key().pool());
      if (pool == null) {
        continue;
      }
      String member = each.key().member();
      if (each.succeeded()) {
        report(pool, pool.connectSucceeded(member, ticker.nanos(), clock.instant()));
      }
      for (int i = 0; i < each.failures(); i++) {
        report(pool, pool.connectFailed(member, each.reason(), ticker.nanos(), clock.instant()));
      }
    }
  }

  private void weigh() {
    long now = ticker.nanos();
    Instant wall = clock.instant();
    for (MailTally.Tally each : mail.take()) {
      MailTally.Key key = each.key();
      PoolHealth pool = pools.get(key.pool());
      if (pool != null) {
        report(pool, pool.mail(key.member(), key.scope(), each.counts(), now, wall));
      }
    }
    for (MailTally.Told told : mail.takeTold()) {
      PoolHealth pool = pools.get(told.key().pool());
      if (pool != null) {
        report(pool, weighed(pool, told, now, wall));
      }
    }
  }

  private static List<MemberChange> weighed(
      PoolHealth pool, MailTally.Told told, long now, Instant wall) {
    String member = told.key().member();
    SenderScope scope = told.key().scope();
    return switch (told) {
      case MailTally.Told.RefusedFor refused ->
          pool.pressureFor(member, scope, refused.reply(), refused.client(), now, wall);
      case MailTally.Told.FailedFor failed ->
          pool.failedFor(member, failed.reason(), failed.client(), now, wall);
      case MailTally.Told.Undecided undecided ->
          pool.trialUndecided(member, scope, undecided.trial(), now, wall);
    };
  }

  private void concluded(ProbeOrder order, Outcome outcome, ProbeReport report) {
    PoolHealth pool = pools.get(order.pool());
    if (pool == null || !pool.has(order)) {
      return;
    }
    archive.keep(order, report, clock.instant());
    if (order.asksOwnPort()) {
      // Before the status: who comes back is chosen by what it offers now.
      listener.introduced(order, outcome.introduction());
    }
    report(pool, pool.probed(order, report.result(), ticker.nanos(), clock.instant()));
    publish(pool);
  }

  private void report(PoolHealth pool, List<MemberChange> changes) {
    if (!changes.isEmpty()) {
      news.tell(pool.pool().name(), changes);
      publish(pool);
      listener.statusesChanged(pool.pool().name(), pool.statuses());
    }
  }

  private void publish(PoolHealth pool) {
    String name = pool.pool().name();
    Map<String, MemberStatus> statuses = pool.statuses();
    Map<String, List<ProbeReport>> reports = new LinkedHashMap<>();
    statuses.keySet().forEach(member -> reports.put(member, archive.of(name, member)));
    pictures.put(name, new Picture(statuses, reports));
  }

  private PoolHealth known(String pool, String member) {
    PoolHealth health = pools.get(pool);
    if (health == null) {
      throw new UnknownMemberException(
          "no pool %s; there is %s".formatted(pool, String.join(", ", pools.keySet())));
    }
    if (!health.statuses().containsKey(member)) {
      throw new UnknownMemberException(
          "no member %s in pool %s; there is %s"
              .formatted(member, pool, String.join(", ", health.statuses().keySet())));
    }
    return health;
  }
}
