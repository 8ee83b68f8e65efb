package io.posthouse.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Who a link's client is.
 *
 * @param client its address and port
 * @param destination the address and port that it connected to
 * @param announced whether a peer that is believed said so, rather than the kernel
 */
public record ClientIdentity(
    InetSocketAddress client, InetSocketAddress destination, boolean announced) {

  /** Address and port of the client, for the log. */
  public String name() {
    return address().getHostAddress() + ' ' + client.getPort();
  }

  /** The client's address. */
  public InetAddress address() {
    return client.getAddress();
  }
}
