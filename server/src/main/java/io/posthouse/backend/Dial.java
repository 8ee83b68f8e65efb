package io.posthouse.backend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.Future;
import io.posthouse.balance.Choice;
import io.posthouse.balance.PoolView;
import io.posthouse.health.SenderScope;
import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.net.TlsFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One link's way to a member: choose, connect, and where that fails the next candidate, until one
 * answers or none is left.
 *
 * <p>When every usable member is at its limit, or others wait already, the dial waits in the pool's
 * queue. Lives on the link's loop, but {@link #wake}. Exactly one of {@link Caller#connected} and
 * {@link Caller#refused} is called, unless {@link #cancel} came first; after connected the caller
 * owes the permit back to the pool ({@link BackendPool#release}).
 */
public final class Dial extends Timeout {
  private final Route route;
  private final BackendPool pool;
  private final Loop loop;
  private final InetAddress client;
  private final long clientHash;
  private final Caller caller;
  private @Nullable String hadBefore;
  private PoolView.@Nullable Search<MemberConnections> search;
  private @Nullable Choice<MemberConnections> choice;
  private @Nullable BackendConnection warm;
  private @Nullable BackendKey key;
  private @Nullable EpollSocketChannel connecting;
  private long connectStarted;
  private long waitUntilTick;
  private final List<MemberConnections> full = new ArrayList<>(0);
  private boolean someoneFailed;
  private boolean handshaking;
  private boolean waiting;
  private boolean done;

  /** Place in the queue; written by {@link WaitingLinks} alone. */
  long ticket = -1;

  /**
   * A dial; {@link #start} begins it.
   *
   * @param client the client's address
   * @param clientHash a well mixed hash of what tells clients apart
   * @param hadBefore the member that persistence asks for; null for none
   */
  public Dial(
      Route route,
      Loop loop,
      InetAddress client,
      long clientHash,
      @Nullable String hadBefore,
      Caller caller) {
    this.route = route;
    this.pool = route.pool();
    this.loop = loop;
    this.client = client;
    this.clientHash = clientHash;
    this.hadBefore = hadBefore;
    this.caller = caller;
  }

  /** Begins; the caller may be called back before this returns. */
  public void start() {
    if (pool.waiting().isEmpty()) {
      tryAll();
    } else if (pool.view().usable()) {
      join();
    } else {
      end(Refusal.NO_USABLE_MEMBER);
    }
  }

  /** Ends it without a word; a connection on its way is closed. */
  public void cancel() {
    if (done) {
      return;
    }
    done = true;
    loop.disarm(this);
    leaveQueue();
    EpollSocketChannel channel = connecting;
    if (channel != null) {
      connecting = null;
      MemberSocket.abort(channel);
      releasePermit();
    }
  }

  /** Tries again because a permit came free or the view changed; from any thread. */
  void wake() {
    loop.execute(() -> caller.guard(this::woken));
  }

  private void woken() {
    if (!waiting) {
      pool.waiting().wakeFirst(); // Meant for whoever is first now.
      return;
    }
    tryAll();
  }

  private void leaveQueue() {
    if (waiting) {
      waiting = false;
      loop.disarm(this);
      pool.waiting().leave(this);
      pool.waiting().wakeFirst();
    }
  }

  private void tryAll() {
    PoolView<MemberConnections> view = pool.view();
    if (!view.usable()) {
      end(Refusal.NO_USABLE_MEMBER);
      return;
    }
    SenderScope scope = caller.scope();
    search = scope == null ? view.search(clientHash) : view.search(clientHash, scope);
    full.clear();
    tryNext();
  }

  private void tryNext() {
    Choice<MemberConnections> next = nextChoice();
    BackendConnection kept = warm;
    if (next != null && kept != null) {
      warm = null;
      done = true;
      leaveQueue();
      caller.reused(kept, next);
    } else if (next != null) {
      connect(next);
    } else if (!full.isEmpty()) {
      // A permit may be held by a connection that another loop keeps for nobody.
      full.forEach(member -> member.idle().evictOne());
      join();
    } else {
      end(someoneFailed ? Refusal.ALL_CONNECTS_FAILED : Refusal.NO_USABLE_MEMBER);
    }
  }

  private @Nullable Choice<MemberConnections> nextChoice() {
    PoolView.Search<MemberConnections> candidates = search;
    if (candidates == null) {
      return null;
    }
    String before = hadBefore;
    if (before != null) {
      hadBefore = null;
      Choice<MemberConnections> same = candidates.persistent(before, this::acquire);
      if (same != null) {
        return same;
      }
    }
    return candidates.next(this::acquire);
  }

  private boolean acquire(MemberConnections member) {
    InetSocketAddress target = route.target(member);
    if (target == null || !route.reaches(client, target) || !caller.wants(member)) {
      return false;
    }
    BackendKey wanted =
        new BackendKey(route.source(client, clientHash, target), target, caller.identity());
    warm = caller.warm(member, wanted);
    if (warm != null || member.tryAcquire()) {
      key = wanted;
      return true;
    }
    full.add(member);
    return false;
  }

  private void connect(Choice<MemberConnections> next) {
    leaveQueue();
    choice = next;
    BackendKey to = key;
    if (to == null) {
      throw new AssertionError("chosen without an address");
    }
    EpollSocketChannel channel;
    try {
      channel = MemberSocket.open(to.target());
    } catch (ChannelException noDescriptor) {
      someoneFailed = true;
      releasePermit();
      pool.observer().cannotConnect(pool.name(), next.name(), MemberSocket.reason(noDescriptor));
      tryNext();
      return;
    }
    channel.pipeline().addLast(caller.handler(channel, next.load(), to));
    ChannelHandler preface = caller.preface();
    if (preface != null) {
      channel.pipeline().addFirst(preface);
    }
    connecting = channel;
    connectStarted = loop.nanos();
    loop.arm(this, pool.pool().connectTimeout().toMillis());
    loop.eventLoop().register(channel);
    ChannelFuture connect = MemberSocket.connect(channel, to, route.isTransparent());
    if (connect.isDone()) {
      connectEnded(channel, connect); // From within a listener an error of ours would go nowhere.
    } else {
      connect.addListener(
          (ChannelFuture ended) -> caller.guard(() -> connectEnded(channel, ended)));
    }
  }

  private void connectEnded(EpollSocketChannel channel, ChannelFuture future) {
    if (!channel.equals(connecting)) {
      return; // Cancelled or timed out: the permit was given back there.
    }
    if (!future.isSuccess()) {
      String reason = MemberSocket.reason(future.cause());
      connectFailed(channel, reason, MemberSocket.isOurOwn(reason));
      return;
    }
    Future<Channel> handshake = caller.handshake(channel);
    if (handshake == null) {
      made(channel);
      return;
    }
    handshaking = true;
    channel.read();
    handshake.addListener(
        (Future<Channel> ended) -> caller.guard(() -> handshakeEnded(channel, ended)));
  }

  private void handshakeEnded(EpollSocketChannel channel, Future<Channel> ended) {
    if (!channel.equals(connecting)) {
      return;
    }
    if (ended.isSuccess()) {
      made(channel);
    } else {
      connectFailed(channel, "TLS: " + TlsFailure.text(ended.cause()), false);
    }
  }

  private void made(EpollSocketChannel channel) {
    done = true;
    loop.disarm(this);
    connecting = null;
    Choice<MemberConnections> made = chosen();
    if (made.load().connected(loop.nanos() - connectStarted)) {
      pool.observer().connectSucceeded(pool.name(), made.name());
    }
    SourcePorts ports = pool.observer().ports();
    if (ports != null) {
      ports.follow(channel, route.isTransparent());
    }
    caller.connected(channel, made);
  }

  private void connectFailed(EpollSocketChannel channel, String reason, boolean ourOwn) {
    connecting = null;
    handshaking = false;
    loop.disarm(this);
    MemberSocket.abort(channel);
    someoneFailed = true;
    Choice<MemberConnections> failed = chosen();
    releasePermit();
    if (ourOwn) {
      noWayOut(failed, reason);
    } else if (route.isTransparent()) {
      // The answer to an address that is not ours may go astray: let other clients say so too.
      pool.observer().failedFor(clientHash, pool.name(), failed.name(), scope(), reason);
    } else {
      failed.load().failed();
      pool.observer().connectFailed(pool.name(), failed.name(), reason);
    }
    tryNext();
  }

  private void noWayOut(Choice<MemberConnections> member, String reason) {
    BackendKey to = key;
    InetAddress source = to == null ? null : to.source();
    SourcePorts ports = pool.observer().ports();
    if (ports != null && to != null && source != null && MemberSocket.isWithoutPort(reason)) {
      ports.exhausted(source, to.target());
    }
    pool.observer().cannotConnect(pool.name(), member.name(), reason);
  }

  private SenderScope scope() {
    SenderScope of = caller.scope();
    return of == null ? SenderScope.OUTSIDE : of;
  }

  private void join() {
    if (waiting) {
      return; // It keeps its place.
    }
    if (waitUntilTick == 0) {
      if (!pool.waiting().join(this, pool.pool().queue().length())) {
        end(Refusal.QUEUE_FULL);
        return;
      }
      long timeout = pool.pool().queue().timeout().toMillis();
      waitUntilTick = loop.tick() + DeadlineWheel.ticks(timeout);
      loop.arm(this, timeout);
    } else {
      long left = waitUntilTick - loop.tick();
      if (left <= 0) {
        end(Refusal.QUEUE_TIMEOUT);
        return;
      }
      pool.waiting().rejoin(this);
      loop.arm(this, left * DeadlineWheel.TICK_MILLIS);
    }
    waiting = true;
    // A permit that came free between the look at the pool and the queue woke nobody: look again.
    // A dial that has tried looks only at what was full, or it would run in circles around a member
    // that cannot be reached.
    if (search == null
        ? pool.hasFreePermit()
        : full.stream().anyMatch(MemberConnections::hasFreePermit)) {
      pool.waiting().wakeFirst();
    }
  }

  @Override
  protected void expired(long tick) {
    caller.guard(this::tooLate);
  }

  private void tooLate() {
    EpollSocketChannel channel = connecting;
    if (channel != null) {
      long timeout = pool.pool().connectTimeout().toMillis();
      String missing = handshaking ? "no TLS handshake" : "no answer";
      connectFailed(channel, missing + " within " + timeout + " ms", false);
    } else if (waiting) {
      end(Refusal.QUEUE_TIMEOUT);
    }
  }

  private void releasePermit() {
    pool.release(chosen().load());
  }

  private Choice<MemberConnections> chosen() {
    Choice<MemberConnections> made = choice;
    if (made == null) {
      throw new AssertionError("nothing was chosen");
    }
    return made;
  }

  private void end(Refusal why) {
    done = true;
    leaveQueue();
    caller.refused(why);
  }
}
