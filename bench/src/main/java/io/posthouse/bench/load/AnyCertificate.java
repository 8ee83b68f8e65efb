package io.posthouse.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts every server, for there is nothing to protect, and counts them. One thread's own. */
public final class AnyCertificate extends X509ExtendedTrustManager {

  private long seen;

  AnyCertificate() {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    seen++;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {
    seen++;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {
    seen++;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    throw new UnsupportedOperationException("a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {
    throw new UnsupportedOperationException("a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {
    throw new UnsupportedOperationException("a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  /** How many certificates were shown so far; where a session is resumed, none is. */
  long seen() {
    return seen;
  }

  /** A new client side of TLS that asks this. */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  /** TLS over a connected socket, which closes with it. */
  public static Socket over(Socket plain) throws IOException {
    return new AnyCertificate()
        .context()
        .getSocketFactory()
        .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
  }
}
