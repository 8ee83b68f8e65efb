package io.posthouse.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What real connections and mail say of one member, as far as no client can cause it.
 *
 * <p>Three failures in a row take it down. After down-time it is on trial: eligible again with one
 * strike left, so that the next failure takes it down at once and a success clears everything.
 * Selectors need no special case for a trial; the price is that more than one connection may be
 * tried before the first of them fails.
 *
 * <p>A member that failed with mail in its hands is not up again because somebody could connect:
 * only a probe, or a client, that gets as far as the failure could tell, and none does. So its
 * down-time runs to the end.
 */
final class PassiveHealth {
  /** Failures in a row that take a member down. */
  static final int LIMIT = 3;

  private int strikes;
  private @Nullable String downBecause;
  private boolean downByMail;
  private boolean trial;
  private long trialNanos;

  /** A connection failed. */
  void failed(String reason, long nowNanos, Duration downTime) {
    if (downBecause != null) {
      return; // it was under way when the member went down
    }
    strikes++;
    trial = false;
    if (strikes >= LIMIT) {
      downBecause = "%d connections in a row failed, last: %s".formatted(strikes, reason);
      trialNanos = nowNanos + downTime.toNanos();
    }
  }

  /** Three clients saw it fail in a way that each of them alone might have provoked. */
  void failedForMany(String reason, long nowNanos, Duration downTime) {
    if (downBecause == null) {
      strikes = LIMIT;
      trial = false;
      downByMail = true;
      downBecause = reason;
      trialNanos = nowNanos + downTime.toNanos();
    }
  }

  /** A connection was made, or a probe proved that it can be. */
  void connected() {
    if (!downByMail) {
      strikes = 0;
      trial = false;
      downBecause = null;
    }
  }

  /** Begins the trial when its time has come. */
  void tick(long nowNanos) {
    if (downBecause != null && nowNanos - trialNanos >= 0) {
      downBecause = null;
      downByMail = false;
      strikes = LIMIT - 1;
      trial = true;
    }
  }

  /** Why the member is down, or null when it is not. */
  @Nullable String downBecause() {
    return downBecause;
  }

  /** Failures since the last success. */
  int strikes() {
    return strikes;
  }

  /** Whether it is eligible again after down-time, and nothing has succeeded since. */
  boolean isOnTrial() {
    return trial;
  }

  /** When the trial begins; meaningful only while down. */
  long trialNanos() {
    return trialNanos;
  }
}
