package io.posthouse.testkit;

import io.posthouse.door.Ticker;
import java.time.Instant;
import java.time.InstantSource;

/** The machine's clocks, for tests that talk to real sockets. */
public final class MachineClock implements Ticker, InstantSource {
  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }
}
