package io.posthouse.door;

import io.posthouse.report.Report;

/** What the traffic came to so far. */
@FunctionalInterface
public interface ReportView {
  /** Counted since the start; asks each loop, and waits for it for a moment. */
  Report report();
}
