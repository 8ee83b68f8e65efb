package io.posthouse.net;

import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509TrustManager;

/**
 * Trust in certificates of clients: demanded of them, or only asked for.
 *
 * <p>Whoever resumes a session is judged anew, since issuers may have changed with a reload.
 */
final class ClientTrust extends EngineTrust
    implements ResumableX509ExtendedTrustManager, PeerTrust {
  private final X509TrustManager issuers;
  private final boolean demanded;

  ClientTrust(List<X509Certificate> issuers, boolean demanded) {
    this.issuers = Issuers.of(issuers);
    this.demanded = demanded;
  }

  @Override
  void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
    if (demanded) {
      issuers.checkClientTrusted(chain, "UNKNOWN");
    }
  }

  @Override
  public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    check(chain, engine);
  }

  @Override
  public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("servers are not clients");
  }

  @Override
  public boolean trusts(X509Certificate[] chain) {
    try {
      issuers.checkClientTrusted(chain, "UNKNOWN");
      return true;
    } catch (CertificateException untrusted) {
      return false;
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return issuers.getAcceptedIssuers();
  }
}
