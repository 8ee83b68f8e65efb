package io.posthouse.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which a buffer was dropped without being released.
 *
 * <p>Every buffer is watched (level paranoid), garbage is collected when the class has ended, and
 * then each buffer that was collected before its release is named with the places that touched it.
 */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  private static final int ROUNDS = 2;
  private static final long COLLECTION_MILLIS = 5_000;

  @Override
  public void beforeAll(ExtensionContext context) throws InterruptedException {
    ResourceLeakDetector<ByteBuf> inUse =
        ResourceLeakDetectorFactory.instance().newResourceLeakDetector(ByteBuf.class);
    if (!(inUse instanceof LeakRecorder)
        || ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
      throw new IllegalStateException(
          "run tests with -Dio.netty.leakDetection.level=paranoid"
              + " -Dio.netty.customResourceLeakDetector="
              + LeakRecorder.class.getName());
    }
    find(); // What others left behind is not this class's.
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    List<String> leaks = find();
    if (!leaks.isEmpty()) {
      throw new AssertionError(leaks.size() + " buffers leaked, the first: " + leaks.getFirst());
    }
  }

  /** Leaks found by now. */
  public static List<String> find() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      collectGarbage();
      // Netty looks for leaks when it hands out a buffer.
      for (int i = 0; i < 8; i++) {
        ByteBufAllocator.DEFAULT.directBuffer(16).release();
      }
    }
    return LeakRecorder.take();
  }

  @SuppressWarnings("UnusedVariable") // The reference is what the queue waits for.
  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    WeakReference<Object> sentinel = new WeakReference<>(new Object(), collected);
    System.gc();
    if (collected.remove(COLLECTION_MILLIS) == null) {
      throw new IllegalStateException("nothing was collected; is explicit GC disabled?");
    }
  }
}
