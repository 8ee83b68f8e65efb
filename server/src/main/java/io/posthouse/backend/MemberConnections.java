package io.posthouse.backend;

import io.posthouse.balance.Load;
import io.posthouse.balance.Trials;
import io.posthouse.health.SenderScope;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.MaskedReply;
import io.posthouse.smtp.Reply;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A member's connections: how many there are, how many there may be, how fast it answers. It
 * outlives reloads as long as the member keeps its name and address.
 *
 * <p>From any thread.
 */
public final class MemberConnections implements Load {
  /**
   * A new response time counts one eighth, as in TCP's smoothed round-trip time (RFC 6298 section
   * 2).
   */
  private static final int SMOOTHING = 8;

  // What a firewall has masked, one bit each.
  private static final int BANNER = 1;
  private static final int EHLO = 2;

  private final AtomicInteger permits = new AtomicInteger();
  private final AtomicInteger messages = new AtomicInteger();
  private final IdleConnections idle = new IdleConnections();
  private final RecentPeak peak = new RecentPeak();
  private final LongAdder total = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Trials trials = new Trials();
  private volatile Member member;
  private volatile @Nullable InetSocketAddress address;
  private volatile long responseNanos;
  private volatile boolean suspect;
  private volatile @Nullable EhloKeywords keywords;
  private final AtomicInteger masked = new AtomicInteger();

  /** A member without connections; its address is known at once when it is a literal. */
  public MemberConnections(Member member) {
    this.member = member;
    int port = member.address().port();
    IpAddress.parse(member.address().host())
        .ifPresent(literal -> address = new InetSocketAddress(literal, port));
  }

  /** The member as the running configuration has it. */
  public Member member() {
    return member;
  }

  /** Takes over a changed limit, weight and so on; name and address are the same. */
  void member(Member changed) {
    member = changed;
  }

  /** Where to connect to; null as long as its name was never resolved. */
  public @Nullable InetSocketAddress address() {
    return address;
  }

  /** Notes where to connect to. */
  public void address(InetSocketAddress resolved) {
    address = resolved;
  }

  /** Takes a permit to connect; false when the member is at its limit. */
  boolean tryAcquire() {
    int limit = member.maxConnections();
    if (limit == 0) {
      permits.incrementAndGet();
      return true;
    }
    while (true) {
      int now = permits.get();
      if (now >= limit) {
        return false;
      }
      if (permits.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /**
   * Whether a permit could be had this moment, or soon, because a connection is kept for nobody.
   */
  boolean hasFreePermit() {
    int limit = member.maxConnections();
    return limit == 0 || permits.get() < limit || !idle.isEmpty();
  }

  /** Gives a permit back. */
  void release() {
    permits.decrementAndGet();
  }

  /**
   * Notes a connection that was made.
   *
   * @return whether a failure came before it, so that the health owner wants to know
   */
  boolean connected(long nanos) {
    total.increment();
    responded(nanos);
    boolean wasSuspect = suspect;
    if (wasSuspect) {
      suspect = false;
    }
    return wasSuspect;
  }

  /** Notes how long it took to answer. */
  public void responded(long nanos) {
    long before = responseNanos;
    // Two loops may write at once; one of two samples lost does no harm.
    responseNanos = before == 0 ? nanos : before + (nanos - before) / SMOOTHING;
  }

  /** A message, or a link in mode tcp, begins to be carried to it. */
  public void messageBegins() {
    peak.reached(messages.incrementAndGet());
  }

  /** It is no longer carried to it. */
  public void messageEnds() {
    messages.decrementAndGet();
  }

  @Override
  public int messages() {
    return messages.get();
  }

  /**
   * Most messages that it carried at once of late.
   *
   * @param windowNanos how far back that goes
   */
  int peakMessages(long nanos, long windowNanos) {
    return peak.value(nanos, windowNanos);
  }

  /** Connections that are kept for the next message. */
  public IdleConnections idle() {
    return idle;
  }

  /** What it offered last to EHLO; null as long as nobody asked it. */
  public @Nullable EhloKeywords keywords() {
    return keywords;
  }

  /**
   * Notes how it greeted.
   *
   * @return whether it is the first thing that turns out to be masked by a firewall
   */
  boolean greeted(Reply greeting) {
    return mask(BANNER, MaskedReply.isBanner(greeting));
  }

  /**
   * Notes what it answered to EHLO, the way mail goes to it. One that does not know EHLO offers
   * nothing (RFC 5321 section 3.2).
   *
   * @return whether it is the first thing that turns out to be masked by a firewall
   */
  boolean answeredEhlo(Reply reply) {
    if (reply.severity() == 2) {
      keywords = EhloKeywords.of(reply);
    } else if (reply.code() == 500 || reply.code() == 502) {
      keywords = EhloKeywords.none();
    }
    return mask(EHLO, MaskedReply.isHello(reply));
  }

  /**
   * Notes what it answered to an EHLO that TLS follows.
   *
   * @return as {@link #answeredEhlo}
   */
  boolean answeredEhloBeforeTls(Reply reply) {
    return mask(EHLO, MaskedReply.isHello(reply));
  }

  private boolean mask(int part, boolean isMasked) {
    int before = masked.getAndUpdate(parts -> isMasked ? parts | part : parts & ~part);
    return isMasked && before == 0;
  }

  /** Notes a connection that failed, or its TLS. */
  public void failed() {
    failures.increment();
    suspect = true;
  }

  @Override
  public int connections() {
    return permits.get() - idle.size();
  }

  @Override
  public boolean claimTrial(SenderScope scope, int trial) {
    return trials.claim(scope, trial);
  }

  @Override
  public void giveBackTrial(SenderScope scope, int trial) {
    trials.giveBack(scope, trial);
  }

  @Override
  public long responseNanos() {
    return responseNanos;
  }

  /** Connections made since it was first configured. */
  public long totalConnections() {
    return total.sum();
  }

  /** Connects that failed since it was first configured. */
  public long connectFailures() {
    return failures.sum();
  }
}
