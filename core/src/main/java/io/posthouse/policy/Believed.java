package io.posthouse.policy;

import io.posthouse.model.VirtualServer;
import java.net.InetAddress;
import java.util.List;

/**
 * The peers of a virtual server that are believed when they say on whose behalf they connect.
 * Nobody else is, whatever it says.
 */
public final class Believed {
  /** Nobody. */
  public static final Believed NOBODY = new Believed(List.of(), List.of());

  private final List<AddressSet> proxy;
  private final List<AddressSet> xclient;

  private Believed(List<AddressSet> proxy, List<AddressSet> xclient) {
    this.proxy = proxy;
    this.xclient = xclient;
  }

  /** Those that the key {@code believe} names. */
  public static Believed of(VirtualServer server, DataGroups groups) {
    return new Believed(
        server.believe().proxy().stream().map(groups::addresses).toList(),
        server.believe().xclient().stream().map(groups::addresses).toList());
  }

  /** Whether every link must begin with a header of the PROXY protocol. */
  public boolean expectsProxy() {
    return !proxy.isEmpty();
  }

  /** Whether a peer's header of the PROXY protocol is believed. */
  public boolean proxy(InetAddress peer) {
    return isIn(proxy, peer);
  }

  /** Whether a peer's XCLIENT is believed. */
  public boolean xclient(InetAddress peer) {
    return isIn(xclient, peer);
  }

  private static boolean isIn(List<AddressSet> sets, InetAddress peer) {
    for (AddressSet set : sets) {
      if (set.contains(peer)) {
        return true;
      }
    }
    return false;
  }
}
