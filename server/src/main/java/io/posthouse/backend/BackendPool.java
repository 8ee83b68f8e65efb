package io.posthouse.backend;

import io.posthouse.balance.PoolView;
import io.posthouse.balance.Turn;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.Introduction;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.health.ProbeOrder;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.net.TlsConnector;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all links of a pool share: the view they choose from, the members' connections, the queue.
 * It outlives reloads as long as the pool keeps its name.
 *
 * <p>One writer, the reconciler or the health owner under this object's monitor, sets members and
 * statuses and publishes the view that follows; loops only read.
 */
public final class BackendPool {
  /** Tells where host names lead to, without asking anybody. */
  @FunctionalInterface
  public interface KnownAddresses {
    /** The last known address; null when there is none. */
    @Nullable InetSocketAddress of(Endpoint endpoint);
  }

  private final String name;
  private final Turn turn = new Turn();
  private final WaitingLinks waiting = new WaitingLinks();
  private final RetryBudget retries = new RetryBudget();
  private final MemberObserver observer;
  private volatile Map<String, MemberStatus> statuses = Map.of();
  private volatile Pool pool;
  private volatile Map<String, MemberConnections> members = Map.of();
  private volatile PoolView<MemberConnections> view;
  private volatile @Nullable Offer offer;
  private volatile @Nullable TlsConnector tls;

  /**
   * A pool whose members are unknown, and so eligible, until the health owner says more.
   *
   * @param tls how its members are spoken to in TLS; null in plain
   * @param since the time to show for that
   */
  public BackendPool(
      Pool pool,
      @Nullable TlsConnector tls,
      MemberObserver observer,
      Instant since,
      KnownAddresses known) {
    this.name = pool.name();
    this.observer = observer;
    this.pool = pool;
    this.tls = tls;
    this.view = configure(pool, tls, since, known);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The pool as the running configuration has it. */
  public Pool pool() {
    return pool;
  }

  /** The members' connections, by name, in the order of the file. */
  public Map<String, MemberConnections> members() {
    return members;
  }

  /** The picture that links choose from now. */
  public PoolView<MemberConnections> view() {
    return view;
  }

  /** How many second tries are left. */
  public RetryBudget retries() {
    return retries;
  }

  /** Whether a member that may take work is not among those that were tried. */
  public boolean hasOther(Set<MemberConnections> tried) {
    PoolView<MemberConnections> now = view;
    for (MemberConnections each : members.values()) {
      if (!tried.contains(each) && now.work(each.member().name()) != Work.NONE) {
        return true;
      }
    }
    return false;
  }

  /** What is offered to a client that says EHLO now. */
  public EhloKeywords offer(long ownSize, int ownRecipients) {
    PoolView<MemberConnections> now = view;
    List<@Nullable EhloKeywords> heard = new ArrayList<>(members.size());
    for (MemberConnections each : members.values()) {
      if (now.work(each.member().name()) != Work.NONE) {
        heard.add(each.keywords());
      }
    }
    boolean takesLogins = tls != null || pool.authOverPlain();
    Offer.Parts parts =
        new Offer.Parts(heard, pool.capabilities(), takesLogins, ownSize, ownRecipients);
    Offer last = offer;
    if (last == null || !last.parts().equals(parts)) {
      last = Offer.of(parts);
      offer = last;
    }
    return last.keywords();
  }

  /** What a member said of itself to a probe; ignored when it has another address by now. */
  public void introduced(ProbeOrder order, Introduction introduction) {
    MemberConnections member = members.get(order.member());
    if (member == null || !member.member().address().equals(order.address())) {
      return;
    }
    Reply greeting = introduction.greeting();
    if (greeting != null) {
      greeted(member, greeting);
    }
    Reply plain = introduction.ehlo();
    Reply ehlo = introduction.ehloOfMail(pool.tls());
    if (plain != null && !plain.equals(ehlo)) {
      answeredEhloBeforeTls(member, plain);
    }
    if (ehlo != null) {
      answeredEhlo(member, ehlo);
    }
  }

  /** A member greeted a link or a probe. */
  public void greeted(MemberConnections member, Reply greeting) {
    if (member.greeted(greeting)) {
      observer.inspected(name, member.member().name(), "banner");
    }
  }

  /** A member answered EHLO the way that mail goes to it: inside TLS, or in plain. */
  public void answeredEhlo(MemberConnections member, Reply reply) {
    if (member.answeredEhlo(reply)) {
      observer.inspected(name, member.member().name(), "EHLO reply");
    }
  }

  /** A member answered an EHLO that TLS follows: of what it says only the masks count. */
  public void answeredEhloBeforeTls(MemberConnections member, Reply reply) {
    if (member.answeredEhloBeforeTls(reply)) {
      observer.inspected(name, member.member().name(), "EHLO reply");
    }
  }

  /** Who waits for a permit. */
  public WaitingLinks waiting() {
    return waiting;
  }

  /** Who hears what connects and mail say of members. */
  public MemberObserver observer() {
    return observer;
  }

  /** Takes over a changed configuration; members that stay keep their connections and status. */
  public final synchronized PoolView<MemberConnections> configure(
      Pool changed, @Nullable TlsConnector with, Instant since, KnownAddresses known) {
    Map<String, MemberConnections> next = new LinkedHashMap<>();
    Map<String, MemberStatus> kept = new LinkedHashMap<>();
    for (Member member : changed.members().values()) {
      MemberConnections before = members.get(member.name());
      if (before != null && before.member().address().equals(member.address())) {
        if (!Objects.equals(before.member().tlsName(), member.tlsName())) {
          before.idle().evictAll(); // They were verified by another name.
        }
        before.member(member);
        next.put(member.name(), before);
      } else {
        MemberConnections fresh = new MemberConnections(member);
        InetSocketAddress address = known.of(member.address());
        if (address != null) {
          fresh.address(address);
        }
        next.put(member.name(), fresh);
      }
      MemberStatus status = statuses.get(member.name());
      kept.put(
          member.name(),
          status != null
              ? status
              : new MemberStatus(
                  member.state(), EffectiveState.UNKNOWN, false, 1, "not probed yet", since));
    }
    members.values().stream()
        .filter(member -> !next.containsValue(member))
        .forEach(member -> member.idle().evictAll());
    if (tls != with) {
      tls = with; // What was kept under another rule ends.
      members.values().forEach(member -> member.idle().evictAll());
    }
    pool = changed;
    members = next;
    statuses = kept;
    return publish();
  }

  /** The status of each member, as the last view was built from. */
  public Map<String, MemberStatus> statuses() {
    return statuses;
  }

  /** Takes over what the health owner found; links follow it from now on. */
  public synchronized void statuses(Map<String, MemberStatus> found) {
    Map<String, MemberStatus> next = new LinkedHashMap<>(statuses);
    next.replaceAll((member, before) -> found.getOrDefault(member, before));
    statuses = next;
    publish();
  }

  /** Whether any member that takes work has a permit to give. */
  boolean hasFreePermit() {
    PoolView<MemberConnections> now = view;
    for (MemberConnections member : members.values()) {
      if (member.address() != null
          && member.hasFreePermit()
          && now.work(member.member().name()) != Work.NONE) {
        return true;
      }
    }
    return false;
  }

  /** How its members are spoken to in TLS; null in plain. */
  public @Nullable TlsConnector tls() {
    return tls;
  }

  /** Sets how its members are spoken to; connections that were made otherwise are not kept. */
  public synchronized void tls(TlsConnector next) {
    tls = next;
    members.values().forEach(member -> member.idle().evictAll());
  }

  /** Whether a member is given work. */
  boolean takesWork(MemberConnections member) {
    String name = member.member().name();
    return members.get(name) == member && view.work(name) != Work.NONE;
  }

  /** Whether connections to a member may be kept for the next message. */
  boolean keeps(MemberConnections member) {
    return member.member().reuse() && takesWork(member) && pool.reuse().idleConnections() > 0;
  }

  /** Has the connections that are kept say QUIT; tells how many connections there still are. */
  public int quitKept() {
    members.values().forEach(member -> member.idle().evictAll());
    return members.values().stream().mapToInt(MemberConnections::connections).sum();
  }

  /**
   * Most connections to a member that are kept: as many as the file says, or as many as carried
   * messages at once within the time that one is kept.
   */
  int mostIdle(MemberConnections member, long nanos) {
    Pool.Reuse reuse = pool.reuse();
    return Math.max(
        reuse.idleConnections(), member.peakMessages(nanos, reuse.idleTimeout().toNanos()));
  }

  /** How long a connection is kept. */
  long idleMillis() {
    return pool.reuse().idleTimeout().toMillis();
  }

  /** Gives a permit back and lets the first in the queue try. */
  public void release(MemberConnections member) {
    member.release();
    waiting.wakeFirst();
  }

  private PoolView<MemberConnections> publish() {
    PoolView<MemberConnections> next = PoolView.of(pool, statuses, members, turn);
    view = next;
    for (MemberConnections member : members.values()) {
      if (!keeps(member)) {
        member.idle().evictAll();
      }
    }
    waiting.wakeFirst();
    return next;
  }
}
