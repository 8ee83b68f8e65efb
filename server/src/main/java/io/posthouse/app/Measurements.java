package io.posthouse.app;

import io.posthouse.admin.AdminDoors.Metrics;
import io.posthouse.door.StatusView;
import io.posthouse.ledger.EventLog;

/** Placeholder until the metrics room lands. */
final class Measurements implements Metrics {
  Measurements(StatusView status, EventLog events) {}

  @Override
  public String text() {
    return "";
  }
}
