package io.posthouse.backend;

/** Hears what real connects say of a member's health; never blocks, from any loop. */
public interface ConnectObserver {
  /** A connect failed in a way that no client can cause. */
  void connectFailed(String pool, String member, String reason);

  /**
   * A connect failed by our own want of ports, descriptors or rights: nothing against the member.
   */
  void cannotConnect(String pool, String member, String reason);

  /** A connect succeeded, the first after one that failed. */
  void connectSucceeded(String pool, String member);
}
