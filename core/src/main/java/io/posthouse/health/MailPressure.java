package io.posthouse.health;

import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What real mail says of one member, by scope.
 *
 * <p>A member that refuses its own people refuses everybody: what inside senders are refused counts
 * in both scopes. One that takes a stranger's message takes everybody's: what outside senders are
 * granted counts in both. So the pressure is outside only when only outside senders are refused.
 */
final class MailPressure {
  private final ScopePressure inside = new ScopePressure();
  private final ScopePressure outside = new ScopePressure();

  /** Takes in what messages of a scope came to. */
  void record(SenderScope scope, MailCounts counts, long nowNanos) {
    switch (scope) {
      case INSIDE -> {
        inside.record(counts, nowNanos);
        if (counts.refused() > 0) {
          outside.record(counts.onlyRefused(), nowNanos);
        }
      }
      case OUTSIDE -> {
        outside.record(counts, nowNanos);
        if (counts.accepted() > 0) {
          inside.record(counts.onlyAccepted(), nowNanos);
        }
      }
    }
  }

  /** A trial ended without a word about pressure. */
  void undecided(SenderScope scope, int trial, long nowNanos) {
    of(scope).undecided(trial, nowNanos);
  }

  void tick(long nowNanos) {
    inside.tick(nowNanos);
    outside.tick(nowNanos);
  }

  Pressure pressure(SenderScope scope) {
    return of(scope).pressure();
  }

  boolean isNone() {
    return pressure(SenderScope.INSIDE).isNone() && pressure(SenderScope.OUTSIDE).isNone();
  }

  /** The times at which something changes by itself. */
  LongStream dueNanos() {
    return LongStream.concat(due(inside).stream(), due(outside).stream());
  }

  private static OptionalLong due(ScopePressure scope) {
    return scope.isTicking() ? OptionalLong.of(scope.dueNanos()) : OptionalLong.empty();
  }

  private ScopePressure of(SenderScope scope) {
    return scope == SenderScope.INSIDE ? inside : outside;
  }
}
