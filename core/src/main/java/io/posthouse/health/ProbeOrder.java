package io.posthouse.health;

import io.posthouse.model.Endpoint;
import io.posthouse.model.Monitor;

/**
 * One probe to be made. Its result counts for as long as the member has this address and monitor.
 *
 * @param member the member's name
 * @param address the member's address, with its own port
 */
public record ProbeOrder(String pool, String member, Endpoint address, Monitor monitor) {

  /** The port to connect to, the alias port included. */
  public int port() {
    return monitor.port().orElse(address.port());
  }
}
