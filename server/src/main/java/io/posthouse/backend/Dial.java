package io.posthouse.backend;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.posthouse.balance.Choice;
import io.posthouse.balance.PoolView;
import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One link's way to a member: choose, connect, and where that fails the next candidate, until one
 * answers or none is left.
 *
 * <p>When every usable member is at its limit the dial waits in the pool's queue. Lives on the
 * link's loop, but {@link #wake}. Exactly one of {@link Caller#connected} and {@link
 * Caller#refused} is called, unless {@link #cancel} came first; after connected the caller owes the
 * permit back to the pool ({@link BackendPool#release}).
 */
public final class Dial extends Timeout {
  /** How much may wait to be written before the other side is held, and from where it may go on. */
  public static final WriteBufferWaterMark WATERMARK =
      new WriteBufferWaterMark(32 * 1024, 128 * 1024);

  /**
   * How much is read at once: 16 KiB, so that a short message goes through in one piece, and up to
   * 64 KiB where a stream fills that. The buffer is only held while its octets wait to be written.
   */
  public static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(16 * 1024, 16 * 1024, 64 * 1024);

  /** Who wants a connection. */
  public interface Caller {
    /** The handler of a connection about to be tried; asked anew for each. */
    ChannelHandler handler(EpollSocketChannel channel);

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

  private final BackendPool pool;
  private final Loop loop;
  private final long clientHash;
  private final Caller caller;
  private @Nullable String hadBefore;
  private PoolView.@Nullable Search<MemberConnections> search;
  private @Nullable Choice<MemberConnections> choice;
  private @Nullable EpollSocketChannel connecting;
  private long connectStarted;
  private long waitUntilTick;
  private final List<MemberConnections> full = new ArrayList<>(0);
  private boolean someoneFailed;
  private boolean waiting;
  private boolean done;

  /**
   * A dial; {@link #start} begins it.
   *
   * @param clientHash a well mixed hash of what tells clients apart
   * @param hadBefore the member that persistence asks for; null for none
   */
  public Dial(
      BackendPool pool, Loop loop, long clientHash, @Nullable String hadBefore, Caller caller) {
    this.pool = pool;
    this.loop = loop;
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
    if (waiting) {
      pool.waiting().leave(this); // When it is being woken this moment, woken() hands the turn on.
    }
    EpollSocketChannel channel = connecting;
    if (channel != null) {
      connecting = null;
      channel.close();
      releasePermit();
    }
  }

  /** Tries again because a permit came free or the view changed; from any thread. */
  void wake() {
    loop.execute(this::woken);
  }

  private void woken() {
    if (done) {
      pool.waiting().wakeOne();
      return;
    }
    waiting = false;
    loop.disarm(this);
    search = null;
    tryAll();
  }

  private void tryAll() {
    PoolView<MemberConnections> view = pool.view();
    if (!view.usable()) {
      end(Refusal.NO_USABLE_MEMBER);
      return;
    }
    search = view.search(clientHash);
    full.clear();
    tryNext();
  }

  private void tryNext() {
    Choice<MemberConnections> next = nextChoice();
    if (next != null) {
      connect(next);
    } else if (!full.isEmpty()) {
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
    if (member.address() == null) {
      return false;
    }
    if (member.tryAcquire()) {
      return true;
    }
    full.add(member);
    return false;
  }

  private void connect(Choice<MemberConnections> next) {
    choice = next;
    InetSocketAddress address = next.load().address();
    if (address == null) {
      throw new AssertionError("chosen without an address");
    }
    var channel =
        new EpollSocketChannel(
            address.getAddress() instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET);
    channel
        .config()
        .setAutoRead(false)
        .setAllowHalfClosure(true)
        .setConnectTimeoutMillis(0)
        .setRecvByteBufAllocator(READS)
        .setWriteBufferWaterMark(WATERMARK);
    channel.pipeline().addLast(caller.handler(channel));
    connecting = channel;
    connectStarted = loop.nanos();
    loop.arm(this, pool.pool().connectTimeout().toMillis());
    loop.eventLoop().register(channel);
    channel.connect(address).addListener((ChannelFuture future) -> connectEnded(channel, future));
  }

  private void connectEnded(EpollSocketChannel channel, ChannelFuture future) {
    if (!channel.equals(connecting)) {
      return; // Cancelled or timed out: the permit was given back there.
    }
    if (future.isSuccess()) {
      done = true;
      loop.disarm(this);
      connecting = null;
      Choice<MemberConnections> made = chosen();
      if (made.load().connected(loop.nanos() - connectStarted)) {
        pool.observer().connectSucceeded(pool.name(), made.name());
      }
      caller.connected(channel, made);
    } else {
      connectFailed(channel, String.valueOf(future.cause().getMessage()));
    }
  }

  private void connectFailed(EpollSocketChannel channel, String reason) {
    connecting = null;
    loop.disarm(this);
    channel.close();
    someoneFailed = true;
    Choice<MemberConnections> failed = chosen();
    failed.load().failed();
    releasePermit();
    pool.observer().connectFailed(pool.name(), failed.name(), reason);
    tryNext();
  }

  private void join() {
    long now = loop.tick();
    long timeout = pool.pool().queue().timeout().toMillis();
    if (waitUntilTick == 0) {
      if (!pool.waiting().join(this, pool.pool().queue().length())) {
        end(Refusal.QUEUE_FULL);
        return;
      }
      waitUntilTick = now + DeadlineWheel.ticks(timeout);
      loop.arm(this, timeout);
    } else {
      long left = waitUntilTick - now;
      if (left <= 0) {
        end(Refusal.QUEUE_TIMEOUT);
        return;
      }
      pool.waiting().rejoin(this);
      loop.arm(this, left * DeadlineWheel.TICK_MILLIS);
    }
    waiting = true;
    // A permit that came free between the try and the queue woke nobody: look once more.
    if (full.stream().anyMatch(MemberConnections::hasFreePermit)) {
      pool.waiting().wakeOne();
    }
  }

  @Override
  protected void expired(long tick) {
    EpollSocketChannel channel = connecting;
    if (channel != null) {
      connectFailed(channel, "no answer within " + pool.pool().connectTimeout().toMillis() + " ms");
    } else if (waiting) {
      waiting = false;
      if (pool.waiting().leave(this)) {
        end(Refusal.QUEUE_TIMEOUT);
      }
      // Else it is being woken this moment and takes its last try.
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
    caller.refused(why);
  }
}
