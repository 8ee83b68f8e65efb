package io.posthouse.net;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A trust manager for engines only; both engines leave names to one that is extended. */
abstract class EngineTrust extends X509ExtendedTrustManager {

  /** Refuses a peer's chain by an exception. */
  abstract void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException;

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how, SSLEngine engine)
      throws CertificateException {
    check(chain, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how, SSLEngine engine)
      throws CertificateException {
    check(chain, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("not by an engine");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("not by an engine");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how) throws CertificateException {
    throw new CertificateException("not by an engine");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how) throws CertificateException {
    throw new CertificateException("not by an engine");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
