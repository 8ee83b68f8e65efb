package io.posthouse.probe;

import io.posthouse.certificate.CertificateNames;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.ProbeOrder;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.smtp.Printable;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificates that a member shows as {@code tls: verified} does: a pinned key, or a
 * trusted issuer and the member's name. Says for people which of them is wrong.
 */
final class CertificateJudge {
  private static final int MAX_CERTIFICATES = 10;
  private static final int MAX_TEXT = 200;

  private final String name;
  private final Set<String> pins;

  /** Pinned keys without issuers: one that a public issuer gave away would be a laxer way in. */
  private final boolean keysAlone;

  private final @Nullable X509ExtendedTrustManager issuers;
  private final String noIssuers;

  /**
   * For one member.
   *
   * @throws IOException when certificates must be verified and the pool's issuers cannot be read
   */
  CertificateJudge(ProbeOrder order, Issuers known) throws IOException {
    this.name = name(order);
    this.pins = Set.copyOf(order.tls().pinnedKeys());
    this.keysAlone = !pins.isEmpty() && order.tls().ca() == null;
    X509ExtendedTrustManager found = null;
    String why = "";
    try {
      found = known.trusted(order.tls().ca());
    } catch (IOException e) {
      if (order.spokenTls().mode() == Mode.VERIFIED) {
        throw e;
      }
      why = String.valueOf(e.getMessage());
    }
    this.issuers = found;
    this.noIssuers = why;
  }

  /** The name or address that the certificate must have (RFC 9525 section 6), no last dot. */
  static String name(ProbeOrder order) {
    String name = order.tlsName() == null ? order.address().host() : order.tlsName();
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** The judgement on a chain, and the chain as people see it. */
  CertificateChain judge(X509Certificate[] chain) {
    String untrusted = untrusted(chain);
    String misnamed =
        CertificateNames.match(chain[0], name)
            ? ""
            : "the name %s is not in %s".formatted(name, CertificateNames.of(chain[0]));
    boolean pinned = pins.contains(pin(chain[0]));
    return new CertificateChain(
        Arrays.stream(chain).limit(MAX_CERTIFICATES).map(CertificateJudge::shown).toList(),
        untrusted.isEmpty(),
        misnamed.isEmpty(),
        pinned,
        pinned ? "" : unpinned(chain[0], untrusted, misnamed));
  }

  /** What is wrong with a certificate whose key is not pinned; empty for nothing. */
  private String unpinned(X509Certificate own, String untrusted, String misnamed) {
    String key = "its key is not pinned, it has " + pin(own);
    if (keysAlone) {
      return key;
    }
    List<String> problems = Stream.of(untrusted, misnamed).filter(each -> !each.isEmpty()).toList();
    String all = String.join("; ", problems);
    return all.isEmpty() || pins.isEmpty() ? all : key + "; " + all;
  }

  /** The base64 of the SHA-256 of its public key (RFC 7469 section 2.4). */
  private static String pin(X509Certificate certificate) {
    try {
      byte[] key = certificate.getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String untrusted(X509Certificate[] chain) {
    try {
      // First, since one that is trusted itself is not asked for its age.
      chain[0].checkValidity();
      if (issuers == null) {
        return noIssuers;
      }
      issuers.checkServerTrusted(chain, "UNKNOWN");
      return "";
    } catch (CertificateExpiredException e) {
      return "expired on " + date(chain[0].getNotAfter());
    } catch (CertificateNotYetValidException e) {
      return "not valid before " + date(chain[0].getNotBefore());
    } catch (CertificateException e) {
      return phrase(e, chain[chain.length - 1]);
    }
  }

  private static String phrase(CertificateException failure, X509Certificate last) {
    String why = "not trusted: " + text(String.valueOf(failure.getMessage()));
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof CertPathBuilderException) {
        why = "unknown issuer " + text(last.getIssuerX500Principal().getName());
      } else if (each instanceof CertPathValidatorException broken) {
        why =
            broken.getReason() == BasicReason.EXPIRED
                ? "a certificate of its issuers has expired"
                : "not trusted: " + text(String.valueOf(broken.getMessage()));
      }
    }
    return why;
  }

  private static CertificateChain.Certificate shown(X509Certificate certificate) {
    return new CertificateChain.Certificate(
        text(certificate.getSubjectX500Principal().getName()),
        text(certificate.getIssuerX500Principal().getName()),
        CertificateNames.of(certificate),
        certificate.getNotAfter().toInstant());
  }

  private static String text(String said) {
    return Printable.line(said, MAX_TEXT);
  }

  private static LocalDate date(Date date) {
    return LocalDate.ofInstant(date.toInstant(), ZoneOffset.UTC);
  }
}
