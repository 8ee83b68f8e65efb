package io.posthouse.probe;

import io.posthouse.model.IpAddress;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
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
 * The client side of TLS in a probe: takes any certificate and remembers when it expires.
 *
 * <p>Known weakness, intended: nobody is authenticated. A probe tells no secret and believes
 * nothing but that TLS works; an expired or self-signed certificate of a member is reported, not
 * refused.
 */
final class ProbeTls extends X509ExtendedTrustManager {
  private @Nullable Instant certificateExpires;

  /**
   * A TLS socket over a connected one.
   *
   * @param host what the member is called in the file; a name is sent as server name
   */
  SSLSocket over(Socket raw, String host) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(raw, host, raw.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(serverName(host));
      socket.setSSLParameters(parameters);
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available: " + e.getMessage(), e);
    }
  }

  /** The name to send (RFC 6066 section 3): without the last dot; none where it cannot be one. */
  static List<SNIServerName> serverName(String host) {
    if (IpAddress.isIpv4(host) || IpAddress.isIpv6(host)) {
      return List.of();
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    try {
      return List.of(new SNIHostName(name));
    } catch (IllegalArgumentException noHostName) {
      // Windows names hold underscores; TLS works without the name.
      return List.of();
    }
  }

  /** When the certificate seen in the handshake expires. */
  Instant certificateExpires() throws IOException {
    if (certificateExpires == null) {
      throw new IOException("the member showed no certificate");
    }
    return certificateExpires;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
    certificateExpires = chain[0].getNotAfter().toInstant();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    certificateExpires = chain[0].getNotAfter().toInstant();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {
    certificateExpires = chain[0].getNotAfter().toInstant();
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
