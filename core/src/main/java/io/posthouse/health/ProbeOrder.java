package io.posthouse.health;

import io.posthouse.model.Announce;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Monitor;
import io.posthouse.policy.ProbeSource;
import org.jspecify.annotations.Nullable;

/**
 * One probe to be made. Its result counts for as long as the member has this address, monitor and
 * TLS, and is told of its clients in this way.
 *
 * @param member the member's name
 * @param address the member's address, with its own port
 * @param tls the pool's TLS with its members
 * @param tlsName the name that the member's certificate must have and that is sent to it; null for
 *     an address without any
 * @param announce how the pool's members are told of their clients
 * @param source where the probe leaves from
 */
public record ProbeOrder(
    String pool,
    String member,
    Endpoint address,
    Monitor monitor,
    MemberTls tls,
    @Nullable String tlsName,
    Announce announce,
    ProbeSource source) {

  /** The port to connect to, the alias port included. */
  public int port() {
    return monitor.port().orElse(address.port());
  }

  /** Whether the member is asked where its mail goes to. */
  public boolean asksOwnPort() {
    return port() == address.port();
  }

  /** The TLS of the probe: that of mail on the member's own port; another service's is unknown. */
  public MemberTls spokenTls() {
    return asksOwnPort() ? tls : MemberTls.OFF;
  }

  /** How the probe says who it is: as mail does, on the member's own port. */
  public Announce spokenAnnounce() {
    return asksOwnPort() ? announce : Announce.NONE;
  }
}
