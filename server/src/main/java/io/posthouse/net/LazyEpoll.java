package io.posthouse.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll handler, with changes of interest told to the kernel as late as possible: once,
 * right before the next wait, and only where they differ from what the kernel knows.
 *
 * <p>A channel that ceases to want to read stays told for reading, until the kernel has told
 * something in vain: in a dialogue most want to read again before anything comes.
 *
 * <p>Five reasons.
 *
 * <ul>
 *   <li>A short link changes its interest a dozen times (registered, readable, connecting,
 *       connected, half closed, closed), most of them overtaken within the same turn of the loop;
 *       each would be a system call. So would taking out a channel that is closed right after,
 *       which takes it out by itself.
 *   <li>Netty 4.2.18 takes a channel that is interested in nothing out of the epoll set but
 *       believes it still in: the next change fails with ENOENT and the channel with it. That is a
 *       half-closed link whose other side has to wait for room to write. Here such a channel gives
 *       its registration back and gets a new one when it is interested again.
 *   <li>Events carry a descriptor's number. One event of a batch may close a link's two channels,
 *       the next accept or connect within the same batch gets a number just freed, and an event
 *       later in the batch, meant for the dead channel, would reach the new one: a connection half
 *       closed before it was made. Since the kernel hears of a channel only before the next wait,
 *       whatever arrives earlier is not its own and is dropped.
 *   <li>A process that is being started holds copies of all descriptors for a moment. A socket
 *       closed meanwhile stays in the epoll set, and the next with its number hears of it: a
 *       connection under way was read before it was known to be made, and the member's greeting
 *       lost. What was not asked for is therefore dropped.
 *   <li>When the kernel tells of a peer's half close (EPOLLRDHUP), Netty reads all that the socket
 *       holds, megabytes if need be, whatever the read gate says. The kernel is therefore not
 *       asked: reading finds the end in its turn.
 * </ul>
 *
 * <p>Lives on its loop; changes from other threads are handed over.
 */
final class LazyEpoll implements IoHandler {
  /**
   * Turns for which a new channel that waits for nothing but its end is not told: by then most want
   * more.
   */
  private static final int PATIENCE = 3;

  private final ThreadAwareExecutor executor;
  private final IoHandler epoll;
  private final ArrayDeque<Registration> changed = new ArrayDeque<>();
  private final ArrayDeque<Registration> cancelled = new ArrayDeque<>();

  private LazyEpoll(ThreadAwareExecutor executor, IoHandler epoll) {
    this.executor = executor;
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory epoll = EpollIoHandler.newFactory();
    return executor -> new LazyEpoll(executor, epoll.newHandler(executor));
  }

  @Override
  public int run(IoHandlerContext context) {
    retire(false);
    for (int n = changed.size(); n > 0; n--) {
      changed.remove().tell();
    }
    return epoll.run(context);
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    // The number of a descriptor that was just closed may be this one's.
    retire(true);
    return new Registration((EpollIoHandle) handle);
  }

  /**
   * Ends the registrations that were cancelled since the last turn, all or only those of closed
   * channels.
   */
  private void retire(boolean onlyClosed) {
    for (int n = cancelled.size(); n > 0; n--) {
      Registration each = cancelled.remove();
      if (onlyClosed && each.fd().isOpen()) {
        cancelled.add(each);
      } else {
        each.retire();
      }
    }
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }

  /** A channel's registration: what it wants, what the kernel knows, and whether they differ. */
  @SuppressWarnings("try") // Netty declares close() that wide.
  private final class Registration implements IoRegistration, EpollIoHandle {
    private final EpollIoHandle channel;
    private final Object arrays;
    private @Nullable IoRegistration known;
    private EpollIoOps wanted = EpollIoOps.NONE;
    private EpollIoOps told = EpollIoOps.NONE;
    private int patience = PATIENCE;
    private boolean queued;
    private boolean heardInVain;
    private volatile boolean valid = true;

    Registration(EpollIoHandle channel) throws Exception {
      this.channel = channel;
      IoRegistration first = epoll.register(this);
      this.known = first;
      this.arrays = first.attachment();
    }

    @Override
    public FileDescriptor fd() {
      return channel.fd();
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (told.value() == 0 || !valid || !isAskedFor(((EpollIoEvent) event).ops())) {
        return;
      }
      if (told.contains(EpollIoOps.EPOLLIN)
          && !wanted.contains(EpollIoOps.EPOLLIN)
          && !isError(event)) {
        // Nobody wants to read it: it will be heard again, once somebody does.
        heardInVain = true;
        tell();
        return;
      }
      if (told.equals(EpollIoOps.EPOLLERR) && !isError(event)) {
        // Closed from both ends, while nobody wants to read what is left: heard of when somebody
        // does.
        leave();
        return;
      }
      channel.handle(this, event);
    }

    @Override
    public void close() throws Exception {
      channel.close();
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T> T attachment() {
      return (T) arrays;
    }

    @Override
    public long submit(IoOps ops) {
      EpollIoOps change = (EpollIoOps) ops;
      if (!valid) {
        return -1;
      }
      if (executor.isExecutorThread(Thread.currentThread())) {
        want(change);
      } else {
        executor.execute(() -> want(change));
      }
      return change.value();
    }

    private void want(EpollIoOps change) {
      wanted = change;
      if (!queued) {
        queued = true;
        changed.add(this);
      }
    }

    /** Tells the kernel what is wanted, where it does not know yet. */
    void tell() {
      queued = false;
      EpollIoOps next = toTell();
      if (!valid || next.value() == told.value()) {
        return;
      }
      if (!heardInVain && told.contains(EpollIoOps.EPOLLIN) && next.equals(EpollIoOps.EPOLLERR)) {
        return; // Most want to read again before anything comes.
      }
      heardInVain = false;
      if (told.value() == 0 && next.equals(EpollIoOps.EPOLLERR) && patience-- > 0) {
        queued = true;
        changed.add(this);
        return;
      }
      if (next.value() == 0) {
        leave();
        return;
      }
      try {
        IoRegistration registration = known;
        if (registration == null) {
          registration = epoll.register(this);
          known = registration;
        }
        registration.submit(next);
        told = next;
      } catch (Exception e) {
        // The kernel takes no more watches, or the descriptor is gone: nothing will ever be
        // heard of this channel again, so it must not live on.
        closeHandle();
      }
    }

    /** What is wanted, without the peer's end; errors are heard of in any case. */
    private EpollIoOps toTell() {
      EpollIoOps rest = wanted.without(EpollIoOps.EPOLLRDHUP);
      return rest.value() == 0 && wanted.value() != 0 ? EpollIoOps.EPOLLERR : rest;
    }

    /**
     * The kernel tells only what it was asked for, and errors: all else is of a socket that had
     * this descriptor's number before.
     */
    private boolean isAskedFor(EpollIoOps heard) {
      return (told.contains(EpollIoOps.EPOLLIN) || !heard.contains(EpollIoOps.EPOLLIN))
          && (told.contains(EpollIoOps.EPOLLOUT) || !heard.contains(EpollIoOps.EPOLLOUT));
    }

    private boolean isError(IoEvent event) {
      return ((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR);
    }

    /** Takes the channel out of the epoll set until it wants something again. */
    private void leave() {
      IoRegistration registration = known;
      known = null;
      told = EpollIoOps.NONE;
      if (registration != null) {
        registration.cancel();
      }
    }

    private void closeHandle() {
      try {
        close();
      } catch (Exception e) {
        throw new IllegalStateException(
            "a channel that cannot be watched cannot be closed either", e);
      }
    }

    @Override
    public boolean isValid() {
      return valid;
    }

    @Override
    public boolean cancel() {
      if (!valid) {
        return false;
      }
      valid = false;
      if (executor.isExecutorThread(Thread.currentThread())) {
        cancelled.add(this);
      } else {
        executor.execute(() -> cancelled.add(this));
      }
      return true;
    }

    /** Ends it in Netty's own handler: a system call only when the channel is still open. */
    void retire() {
      IoRegistration registration = known;
      if (registration != null) {
        known = null;
        registration.cancel();
      }
    }
  }
}
