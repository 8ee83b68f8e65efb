package io.posthouse.testkit;

import io.posthouse.door.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Both clocks of the house, standing still until a test moves them. */
public final class HandClock implements Ticker, InstantSource {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  // Near its end, so that whoever compares readings instead of differences is found out.
  private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

  private final AtomicLong elapsed = new AtomicLong();

  /** Moves both on. */
  public void advance(Duration time) {
    elapsed.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return ORIGIN + elapsed.get();
  }

  @Override
  public Instant instant() {
    return START.plusNanos(elapsed.get());
  }
}
