package io.posthouse.backend;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.Future;
import io.posthouse.balance.Choice;
import io.posthouse.balance.PoolView;
import io.posthouse.health.SenderScope;
import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.net.TlsFailure;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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
  /** How much may wait to be written before the other side is held, and from where it may go on. */
  public static final WriteBufferWaterMark WATERMARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /**
   * How much is read at once: 16 KiB, so that a short message goes through in one piece, and up to
   * 64 KiB where a stream fills that. The buffer is only held while its octets wait to be written.
   */
  public static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(16 * 1024, 16 * 1024, 64 * 1024);

  /**
   * What connect says when the fault is ours: out of ports, descriptors, memory or rights.
   * EADDRNOTAVAIL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, EACCES, EAGAIN of Linux's errno. A
   * client that opens enough links causes some of them, so they never count against a member.
   */
  private static final Pattern OUR_OWN = Pattern.compile("error\\(-(99|24|23|105|12|1|13|11)\\)");

  /** Who wants a connection. */
  public interface Caller {
    /** The handler of a connection about to be tried; asked anew for each. */
    ChannelHandler handler(EpollSocketChannel channel, MemberConnections member, BackendKey key);

    /**
     * What must succeed on a connection before it counts as made, within connect-timeout; a failure
     * of it is one of the member. Null for nothing.
     */
    default @Nullable Future<Channel> handshake(EpollSocketChannel channel) {
      return null;
    }

    /** Whether a member comes into question at all; one that does not is passed over. */
    default boolean wants(MemberConnections member) {
      return true;
    }

    /** What a member is told about the client; null for nothing. */
    default @Nullable Object identity() {
      return null;
    }

    /**
     * What must stand first in the pipeline of a connection about to be tried; null for nothing.
     */
    default @Nullable ChannelHandler preface() {
      return null;
    }

    /** A kept connection to a member whose turn it is; null for none, then a new one is made. */
    default @Nullable BackendConnection warm(MemberConnections member, BackendKey key) {
      return null;
    }

    /** A kept connection serves; it brings its permit with it. */
    default void reused(BackendConnection connection, Choice<MemberConnections> choice) {
      throw new IllegalStateException("this caller keeps no connections");
    }

    /** Whose message it is; null for a link, of which nobody knows. */
    default @Nullable SenderScope scope() {
      return null;
    }

    /** A connection is there. */
    void connected(EpollSocketChannel channel, Choice<MemberConnections> choice);

    /** There is none. */
    void refused(Refusal why);
  }

  /** Why a link gets no member. */
  public enum Refusal {
    /** No member may take work. */
    NO_USABLE_MEMBER,
    /** Every candidate was tried in vain. */
    ALL_CONNECTS_FAILED,
    /** All usable members are at their limit and the queue is full. */
    QUEUE_FULL,
    /** All usable members were at their limit for as long as a link may wait. */
    QUEUE_TIMEOUT
  }

  private static final ChannelOption<Integer> IPV6_TRANSPARENT =
      new IntegerUnixChannelOption("IPV6_TRANSPARENT", 41, 75);

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
      abort(channel);
      releasePermit();
    }
  }

  /** Tries again because a permit came free or the view changed; from any thread. */
  void wake() {
    loop.execute(this::woken);
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
    InetSocketAddress address = to.target();
    EpollSocketChannel channel;
    try {
      channel =
          new EpollSocketChannel(
              address.getAddress() instanceof Inet6Address
                  ? SocketProtocolFamily.INET6
                  : SocketProtocolFamily.INET);
    } catch (ChannelException noDescriptor) {
      someoneFailed = true;
      releasePermit();
      pool.observer().cannotConnect(pool.name(), next.name(), reason(noDescriptor));
      tryNext();
      return;
    }
    channel
        .config()
        .setAutoRead(false)
        .setAllowHalfClosure(true)
        .setConnectTimeoutMillis(0)
        .setRecvByteBufAllocator(READS)
        .setWriteBufferWaterMark(WATERMARK);
    channel.pipeline().addLast(caller.handler(channel, next.load(), to));
    ChannelHandler preface = caller.preface();
    if (preface != null) {
      channel.pipeline().addFirst(preface);
    }
    connecting = channel;
    connectStarted = loop.nanos();
    loop.arm(this, pool.pool().connectTimeout().toMillis());
    loop.eventLoop().register(channel);
    connect(channel, to).addListener((ChannelFuture future) -> connectEnded(channel, future));
  }

  private ChannelFuture connect(EpollSocketChannel channel, BackendKey to) {
    InetAddress source = to.source();
    if (source == null) {
      return channel.connect(to.target());
    }
    // The port is chosen when the target is known: each source has its ports once per target.
    channel.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    if (route.isTransparent() && source instanceof Inet6Address) {
      channel.config().setOption(IPV6_TRANSPARENT, 1);
    } else if (route.isTransparent()) {
      channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
    }
    return channel.connect(to.target(), new InetSocketAddress(source, 0));
  }

  private void connectEnded(EpollSocketChannel channel, ChannelFuture future) {
    if (!channel.equals(connecting)) {
      return; // Cancelled or timed out: the permit was given back there.
    }
    if (!future.isSuccess()) {
      connectFailed(
          channel, reason(future.cause()), OUR_OWN.matcher(reason(future.cause())).find());
      return;
    }
    Future<Channel> handshake = caller.handshake(channel);
    if (handshake == null) {
      made(channel);
      return;
    }
    handshaking = true;
    channel.read();
    handshake.addListener((Future<Channel> ended) -> handshakeEnded(channel, ended));
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
    caller.connected(channel, made);
  }

  private void connectFailed(EpollSocketChannel channel, String reason, boolean ourOwn) {
    connecting = null;
    handshaking = false;
    loop.disarm(this);
    abort(channel);
    someoneFailed = true;
    Choice<MemberConnections> failed = chosen();
    releasePermit();
    if (ourOwn) {
      pool.observer().cannotConnect(pool.name(), failed.name(), reason);
    } else {
      failed.load().failed();
      pool.observer().connectFailed(pool.name(), failed.name(), reason);
    }
    tryNext();
  }

  /** Closes a connection at once: past TLS, which would have its farewell first. */
  public static void abort(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      first.close();
    }
  }

  private static String reason(Throwable cause) {
    return String.valueOf(cause.getMessage());
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
