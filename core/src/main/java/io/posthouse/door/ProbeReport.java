package io.posthouse.door;

import io.posthouse.health.CertificateChain;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One probe, as it is kept per member and shown to people.
 *
 * @param monitor the monitor's name
 * @param at when it began
 * @param took how long it took
 * @param result what it came to
 * @param dialogue every line that was sent or received, in order; empty where nothing was said
 * @param certificates what the member showed when TLS was started, even where it then failed
 * @param sighting from which address it was asked; null where a program was run instead
 */
public record ProbeReport(
    String monitor,
    Instant at,
    Duration took,
    ProbeResult result,
    List<Line> dialogue,
    @Nullable CertificateChain certificates,
    @Nullable Sighting sighting) {

  /** The end of the member's certificate; null when none was shown. */
  public @Nullable Instant certificateExpires() {
    return certificates == null ? null : certificates.expires();
  }

  /**
   * One line of the dialogue without its line end; bytes over 127 as ISO 8859-1, so that nothing is
   * lost.
   *
   * @param direction who sent it
   */
  public record Line(Direction direction, String text) {}

  /** Who sent a line. */
  public enum Direction {
    TO_MEMBER,
    FROM_MEMBER,
    /** A remark of ours: connected, TLS started, closed, timed out. */
    NOTE
  }
}
