package io.posthouse.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.posthouse.door.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of the process, every one of them alike, and the direct memory that their buffers
 * share.
 */
public final class Loops implements AutoCloseable {
  private static final long OCTETS_OF_A_STUCK_LINK = 32 * 1024;

  private final MultiThreadIoEventLoopGroup group;
  private final List<Loop> loops;

  /**
   * Starts the loops.
   *
   * @param threads how many; 0 for one per processor
   */
  public Loops(int threads, Ticker ticker) {
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    group =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("loop"), LazyEpoll.newFactory());
    List<Loop> all = new ArrayList<>();
    for (EventExecutor executor : group) {
      all.add(new Loop((io.netty.channel.EventLoop) executor, ticker));
    }
    loops = List.copyOf(all);
  }

  /** Every loop. */
  public List<Loop> all() {
    return loops;
  }

  /**
   * Octets of direct memory that buffers of all loops hold now; 0 when the allocator does not tell.
   */
  public static long directMemoryUsed() {
    return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator
        ? allocator.metric().usedDirectMemory()
        : 0;
  }

  /**
   * Whether that is more than a third of what the JVM allows: then nothing more is read from a side
   * whose octets the other has not taken, so that what is left lasts for a read of each of very
   * many links.
   */
  public static boolean directMemoryTight() {
    return directMemoryUsed() > PlatformDependent.maxDirectMemory() / 3;
  }

  /** Most links for which there is direct memory: one smallest read for each side of each. */
  public static int linksByMemory() {
    return Math.clamp(PlatformDependent.maxDirectMemory() / OCTETS_OF_A_STUCK_LINK, 16, 10_000_000);
  }

  /** Ends the loops; channels still open are closed. Blocks, two seconds at most. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
