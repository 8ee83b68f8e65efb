package io.posthouse.testkit;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detector, keeping what it finds for {@link NoLeaks} instead of logging it.
 *
 * <p>Netty makes it when the system property {@code io.netty.customResourceLeakDetector} names this
 * class, which the build sets for tests.
 *
 * @param <T> what is watched
 */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {
  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  /** The constructor that Netty looks for. */
  public LeakRecorder(Class<?> resourceType, int samplingInterval) {
    super(resourceType, samplingInterval);
  }

  /** Another that Netty looks for, and complains when it is not there. */
  public LeakRecorder(Class<?> resourceType, int samplingInterval, long unused) {
    this(resourceType, samplingInterval);
  }

  /** What was found since the last call. */
  static List<String> take() {
    List<String> taken = new java.util.ArrayList<>();
    String each;
    while ((each = FOUND.poll()) != null) {
      taken.add(each);
    }
    return taken;
  }

  @Override
  protected boolean needReport() {
    return true;
  }

  @Override
  protected void reportTracedLeak(String resourceType, String records) {
    FOUND.add(resourceType + " was dropped without release; it was seen at" + records);
  }

  @Override
  protected void reportUntracedLeak(String resourceType) {
    FOUND.add(resourceType + " was dropped without release");
  }
}
