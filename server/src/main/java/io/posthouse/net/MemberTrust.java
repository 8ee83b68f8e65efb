package io.posthouse.net;

import io.posthouse.certificate.CertificateNames;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trust in members that must be verified: one of the pinned keys, or a chain to an issuer and the
 * member's name.
 *
 * <p>Where keys are pinned and no issuers are named, the keys alone count: a certificate that some
 * public issuer gave away would be a laxer way in.
 */
final class MemberTrust extends EngineTrust {
  private final Set<String> pins;
  private final @Nullable X509TrustManager issuers;

  MemberTrust(Set<String> pins, @Nullable X509TrustManager issuers) {
    this.pins = pins;
    this.issuers = issuers;
  }

  @Override
  void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
    check(chain, TlsConnector.expectedName(engine));
  }

  void check(X509Certificate[] chain, String name) throws CertificateException {
    X509Certificate own = chain[0];
    if (pins.contains(pin(own))) {
      return;
    }
    X509TrustManager asked = issuers;
    if (asked == null) {
      throw new UntrustedException("its key is not a pinned one, it has " + pin(own));
    }
    checkTime(own);
    try {
      asked.checkServerTrusted(chain, "UNKNOWN");
    } catch (CertificateException e) {
      UntrustedException reason = new UntrustedException(reason(e, own));
      reason.initCause(e);
      throw reason;
    }
    if (!CertificateNames.match(own, name)) {
      List<String> names = CertificateSubject.of(own);
      throw new UntrustedException(
          "name " + name + " does not match " + names.subList(0, Math.min(5, names.size())));
    }
  }

  /** Base64 of the SHA-256 of a certificate's key (RFC 7469 section 2.4). */
  static String pin(X509Certificate certificate) throws CertificateException {
    try {
      byte[] key = certificate.getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new CertificateException(e);
    }
  }

  private static void checkTime(X509Certificate certificate) throws UntrustedException {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new UntrustedException(
          "certificate expired on " + certificate.getNotAfter().toInstant());
    } catch (CertificateNotYetValidException e) {
      throw new UntrustedException(
          "certificate is valid only from " + certificate.getNotBefore().toInstant());
    }
  }

  private static String reason(CertificateException refused, X509Certificate own) {
    for (Throwable each = refused; each != null; each = each.getCause()) {
      if (each instanceof CertPathValidatorException path
          && path.getReason() == BasicReason.EXPIRED) {
        return "a certificate of its chain has expired";
      }
    }
    String text = String.valueOf(refused.getMessage());
    return text.contains("path building failed") || text.contains("trust anchor")
        ? "unknown issuer " + CertificateSubject.printable(own.getIssuerX500Principal().getName())
        : CertificateSubject.printable(text);
  }
}
