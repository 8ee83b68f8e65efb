package io.posthouse.net;

import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/**
 * What a finished handshake came to, for the log and for members. Names are in printable ASCII, at
 * most 255 octets, and empty where there is none.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher the cipher suite
 * @param isPeerTrusted whether the peer showed a certificate that was asked for and is trusted
 * @param peer the name in such a certificate
 * @param commonName the common name in such a certificate
 * @param askedFor the name that a client asked us for (SNI)
 */
public record TlsFacts(
    String version,
    String cipher,
    boolean isPeerTrusted,
    String peer,
    String commonName,
    String askedFor) {

  /** Of an engine whose handshake is done. */
  public static TlsFacts of(SSLEngine engine) {
    SSLSession session = engine.getSession();
    X509Certificate trusted = PeerTrust.trusted(engine);
    return new TlsFacts(
        session.getProtocol(),
        session.getCipherSuite(),
        trusted != null,
        trusted == null ? "" : CertificateSubject.subject(trusted),
        trusted == null ? "" : CertificateSubject.printableCommonName(trusted),
        engine.getUseClientMode() ? "" : askedFor(session));
  }

  private static String askedFor(SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      try {
        for (SNIServerName each : extended.getRequestedServerNames()) {
          if (each instanceof SNIHostName host) {
            return CertificateSubject.printable(host.getAsciiName());
          }
        }
      } catch (IllegalArgumentException notAHostName) {
        return "";
      }
    }
    return "";
  }
}
