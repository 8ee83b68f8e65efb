package io.posthouse.bench.compare;

import java.util.Locale;

/** A figure that each round gives for each balancer. */
public enum Measure {
  SESSIONS_PER_SECOND("sessions a second", "/s", 1),
  MESSAGES_PER_SECOND("messages a second", "/s", 1),
  MEGABYTES_PER_SECOND("body bytes a second", "MB/s", 1e-6),
  CPU_PER_SESSION("balancer CPU a session", "us", 1e6),
  CPU_PER_MESSAGE("balancer CPU a message", "us", 1e6),
  CPU_PER_MEGABYTE("balancer CPU a megabyte", "us", 1e6),
  SESSION_P50("session, median", "ms", 1),
  SESSION_P99("session, 99th percentile", "ms", 1),
  MESSAGE_P50("message, median", "ms", 1),
  MESSAGE_P99("message, 99th percentile", "ms", 1),
  BYTES_PER_IDLE_LINK("resident growth an idle link", "KiB", 1.0 / 1024),
  HELD_PER_IDLE_LINK("held by an idle link", "KiB", 1.0 / 1024),
  HEAP_PER_IDLE_LINK("of it live heap", "KiB", 1.0 / 1024),
  RESIDENT_BEFORE("resident before the idle links", "MiB", 1.0 / 1048576),
  START_SECONDS("exec to first banner", "s", 1);

  private final String title;
  private final String unit;
  private final double scale;

  Measure(String title, String unit, double scale) {
    this.title = title;
    this.unit = unit;
    this.scale = scale;
  }

  /** The name for people. */
  public String title() {
    return title;
  }

  /** The unit in which people read it. */
  public String unit() {
    return unit;
  }

  /** The value in {@link #unit}. */
  public double shown(double value) {
    return value * scale;
  }

  /** The name in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
