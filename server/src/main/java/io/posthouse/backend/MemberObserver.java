package io.posthouse.backend;

import io.posthouse.health.SenderScope;
import org.jspecify.annotations.Nullable;

/** Hears what real connects and real mail say of a member's health; never blocks, from any loop. */
public interface MemberObserver {
  /** A connect failed in a way that no client can cause. */
  void connectFailed(String pool, String member, String reason);

  /**
   * A connect failed by our own want of ports, descriptors or rights: nothing against the member.
   */
  void cannotConnect(String pool, String member, String reason);

  /** What counts the ports that connections hold; null for nothing. */
  default @Nullable SourcePorts ports() {
    return null;
  }

  /** A connect succeeded, the first after one that failed. */
  void connectSucceeded(String pool, String member);

  /**
   * It has just shown that a firewall inspects SMTP on the way to a member.
   *
   * @param masked what it has masked
   */
  default void inspected(String pool, String member, String masked) {}

  /**
   * A member took a message.
   *
   * @param awaited whether the member is under pressure, so that each message counts at once
   */
  default void messageTaken(String pool, String member, SenderScope scope, boolean awaited) {}

  /** A member refused a message for pressure, by a reply that no client can cause. */
  default void messageRefused(String pool, String member, SenderScope scope, String reply) {}

  /**
   * A member refused a message for pressure, by a reply that its client might have provoked.
   *
   * @param client what tells clients apart, such as a hash of the address
   */
  default void messageRefusedFor(
      long client, String pool, String member, SenderScope scope, String reply) {}

  /**
   * A member failed in a way that its client might have provoked, such as a time-out at MAIL.
   *
   * @param client what tells clients apart, such as a hash of the address
   * @param reason for people
   */
  default void failedFor(
      long client, String pool, String member, SenderScope scope, String reason) {}

  /** The message that was a member's trial said nothing of its pressure. */
  default void trialUndecided(String pool, String member, SenderScope scope, int trial) {}
}
