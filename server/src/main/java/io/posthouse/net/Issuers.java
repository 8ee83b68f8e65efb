package io.posthouse.net;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to believe about certificates: RFC 5280 path validation, without names. */
final class Issuers {
  private Issuers() {}

  /** These, or those of the Java runtime when null. */
  static X509TrustManager of(@Nullable List<X509Certificate> issuers) {
    try {
      KeyStore store = null;
      if (issuers != null) {
        store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate each : issuers) {
          store.setCertificateEntry(String.valueOf(store.size()), each);
        }
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509TrustManager manager) {
          return manager;
        }
      }
      throw new IllegalStateException("this Java runtime cannot check certificates");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime cannot check certificates", e);
    }
  }
}
