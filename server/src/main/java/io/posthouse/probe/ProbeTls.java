package io.posthouse.probe;

import io.posthouse.health.CertificateChain;
import io.posthouse.health.ProbeOrder;
import io.posthouse.model.IpAddress;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.TlsVersion;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The client side of TLS in one probe: sees what certificates the member shows, judges them, and
 * refuses them only where the pool's TLS is verified.
 *
 * <p>Known weakness, intended: in the other modes nobody is authenticated, as with real mail. A
 * probe tells no secret and believes nothing but that TLS works.
 */
final class ProbeTls extends X509ExtendedTrustManager {
  private final ProbeOrder order;
  private final CertificateJudge judge;
  private @Nullable CertificateChain certificates;

  /**
   * For one handshake.
   *
   * @throws IOException when certificates must be verified and the pool's issuers cannot be read
   */
  ProbeTls(ProbeOrder order, Issuers issuers) throws IOException {
    this.order = order;
    this.judge = new CertificateJudge(order, issuers);
  }

  /**
   * A TLS socket over a connected one, which it leaves open whatever happens. Nothing is resumed: a
   * resumed session shows no certificate.
   */
  SSLSocket over(Socket raw) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      String name = CertificateJudge.name(order);
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(raw, name, raw.getPort(), false);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(serverName(name));
      parameters.setProtocols(protocols(order.spokenTls().minVersion()));
      socket.setSSLParameters(parameters);
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available: " + e.getMessage(), e);
    }
  }

  /** The name to send (RFC 6066 section 3); none where it cannot be one. */
  static List<SNIServerName> serverName(String name) {
    if (IpAddress.isIpv4(name) || IpAddress.isIpv6(name)) {
      return List.of();
    }
    try {
      return List.of(new SNIHostName(name));
    } catch (IllegalArgumentException noHostName) {
      // Windows names hold underscores; TLS works without the name.
      return List.of();
    }
  }

  private static String[] protocols(TlsVersion oldest) {
    return Arrays.stream(TlsVersion.values())
        .filter(version -> version.compareTo(oldest) >= 0)
        .map(TlsVersion::protocol)
        .toArray(String[]::new);
  }

  /** What the member showed; null when it was not come to that. */
  @Nullable CertificateChain certificates() {
    return certificates;
  }

  /** Why the member's certificate was refused; empty when it was not. */
  String refusal() {
    boolean verified = order.spokenTls().mode() == Mode.VERIFIED;
    return verified && certificates != null ? certificates.problem() : "";
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    certificates = judge.judge(chain);
    if (!refusal().isEmpty()) {
      throw new CertificateException(refusal());
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    throw new UnsupportedOperationException("a probe has sockets");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {
    throw new UnsupportedOperationException("a probe has sockets");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
    throw new UnsupportedOperationException("a probe is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    throw new UnsupportedOperationException("a probe is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {
    throw new UnsupportedOperationException("a probe is no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
