package io.posthouse.backend;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** How the use of ports went in the last minutes, and so how it goes on. For one thread. */
final class PortTrend {
  private static final long WINDOW_NANOS = Duration.ofMinutes(3).toNanos();
  private static final long LEAST_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long FARTHEST_SECONDS = Duration.ofHours(24).toSeconds();

  /**
   * One look.
   *
   * @param returned ports given back since ever
   */
  private record Sample(long nanos, int used, long returned) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Adds what was seen now. */
  void add(long nanos, int used, long returned) {
    samples.addLast(new Sample(nanos, used, returned));
    while (nanos - samples.getFirst().nanos > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** How many ports were given back within the last while, or a little longer. */
  long returnedWithin(long nanos, long now, long returned) {
    long before = 0;
    for (Sample each : samples) {
      if (now - each.nanos >= nanos) {
        before = each.returned;
      }
    }
    return returned - before;
  }

  /**
   * When so many are used as there are, at the rate of the last minutes (least squares); null when
   * that is not in sight.
   */
  @Nullable Duration exhaustedIn(int capacity) {
    if (samples.isEmpty()) {
      return null;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double rate = perSecond(first);
    int left = capacity - last.used;
    if (last.nanos - first.nanos < LEAST_NANOS || rate * FARTHEST_SECONDS < left || rate <= 0) {
      return null;
    }
    return Duration.ofSeconds(Math.max(0, Math.round(left / rate)));
  }

  private double perSecond(Sample first) {
    double times = 0;
    double uses = 0;
    for (Sample each : samples) {
      times += seconds(first, each);
      uses += each.used;
    }
    double meanTime = times / samples.size();
    double meanUse = uses / samples.size();
    double together = 0;
    double alone = 0;
    for (Sample each : samples) {
      double time = seconds(first, each) - meanTime;
      together += time * (each.used - meanUse);
      alone += time * time;
    }
    return alone == 0 ? 0 : together / alone;
  }

  private static double seconds(Sample first, Sample each) {
    return (each.nanos - first.nanos) / 1e9;
  }

  /** The words for people: {@code about 3 min at this rate}. */
  static String phrase(@Nullable Duration exhaustedIn) {
    if (exhaustedIn == null) {
      return "not in sight";
    }
    long seconds = exhaustedIn.toSeconds();
    if (seconds < 90) {
      return "about " + Math.max(1, seconds) + " s at this rate";
    } else if (seconds < 5400) {
      return "about " + Math.round(seconds / 60.0) + " min at this rate";
    }
    return "about " + Math.round(seconds / 3600.0) + " h at this rate";
  }
}
