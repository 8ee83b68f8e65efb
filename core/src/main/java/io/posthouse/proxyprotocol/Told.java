package io.posthouse.proxyprotocol;

import java.net.InetAddress;

/** Looks at the addresses that a header told. */
final class Told {
  private Told() {}

  /**
   * The verdict on them. Port 0 is taken: HAProxy tells it of a client whose port it does not know.
   */
  static HeaderVerdict of(
      InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
    if (!ProxyHeader.isHost(source) || !ProxyHeader.isHost(destination)) {
      return HeaderReader.refused("an address that no host has");
    }
    return new HeaderVerdict.Announced(
        new ProxyHeader(source, sourcePort, destination, destinationPort));
  }
}
