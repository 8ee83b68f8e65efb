package io.posthouse.net;

import javax.net.ssl.SSLEngine;

/**
 * What a finished handshake came to, for the log.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher the cipher suite
 * @param peer the name in the peer's certificate, in printable ASCII; empty when it showed none
 *     that is trusted
 */
public record TlsFacts(String version, String cipher, String peer) {

  /** Of an engine whose handshake is done. */
  public static TlsFacts of(SSLEngine engine) {
    return new TlsFacts(
        engine.getSession().getProtocol(),
        engine.getSession().getCipherSuite(),
        PeerTrust.peerName(engine));
  }
}
